// Who lives here too: invited and removed within the bounds the admin sets.
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Words } from "../../shared/language";
import { api } from "../api";
import type { Desk } from "../desk";
import { Failing, SureKey, useAct } from "../parts";
import type { Member } from "../types";

export function HouseholdPage({ desk, words }: { desk: Desk; words: Words }): JSX.Element {
  const [all, setAll] = useState<{ household: Member[]; may_invite: string[] }>();
  const { act, wrong } = useAct(words);
  const load = async (): Promise<void> => setAll(await api.household());
  useEffect(() => void act(load), []);
  const nameOf = (site: string): string => desk.me?.sites.find((one) => one.site === site)?.name ?? site;
  return (
    <>
      {all && !all.household.some(({ me }) => !me) && <p class="empty">{words("noHousehold")}</p>}
      {all && (
        <ul class="list">
          {all.household.map((member) => (
            <li key={member.id}>
              <div class="grow"><strong>{member.name}</strong><small>{member.email ?? nameOf(member.site)}</small></div>
              {member.removable && !member.me && (
                <SureKey words={words} label={words("remove")} question={words("removeSure", member.name)} act={() => void act(async () => { await api.removeMember(member.id); await load(); })} />
              )}
            </li>
          ))}
        </ul>
      )}
      {all?.may_invite.length === 0 && <p class="help">{words("adminInvites")}</p>}
      {all?.may_invite.map((site) => (
        <Invite key={site} words={words} title={all.may_invite.length > 1 ? nameOf(site) : ""} send={(name, email) => act(async () => { await api.invite(site, name, email); await load(); })} />
      ))}
      <Failing wrong={wrong} done={false} words={words} />
    </>
  );
}

function Invite({ words, title, send }: { words: Words; title: string; send: (name: string, email: string) => Promise<unknown> }): JSX.Element {
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  return (
    <form class="card" onSubmit={(event) => { event.preventDefault(); void send(name.trim(), email.trim()).then(() => { setName(""); setEmail(""); }); }}>
      {title && <h2>{title}</h2>}
      <div class="two">
        <label>{words("name")}<input required maxLength={80} value={name} onInput={(event) => setName(event.currentTarget.value)} /></label>
        <label>{words("email")}<input type="email" required value={email} onInput={(event) => setEmail(event.currentTarget.value)} /></label>
      </div>
      <p class="help">{words("inviteHint")}</p>
      <button type="submit" class="primary">{words("invite")}</button>
    </form>
  );
}
