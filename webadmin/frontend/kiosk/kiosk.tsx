// The panel: finds out who it is, keeps its line and directory, and shows what the machine says.
import type { JSX } from "preact";
import { useCallback, useEffect, useReducer, useRef, useState } from "preact/hooks";
import { type Language, speak } from "../shared/language";
import { DIRECTORY_TYPE, type LineState, Line } from "../shared/sip/agent";
import { play } from "../shared/sounds";
import { Camera } from "./camera";
import { IDLE, type Happening, next, patience } from "./course";
import { type Directory, readDirectory } from "./directory";
import { type Panel, checkCode, fetchDirectory, findPanel, keptDirectory, unpair } from "./panel";
import { Bar } from "./screens/bar";
import { CallScreen } from "./screens/call";
import { CodeScreen } from "./screens/code";
import { DirectoryScreen } from "./screens/directory";
import { GroupScreen } from "./screens/group";
import { IdleScreen } from "./screens/idle";
import { PairingScreen } from "../shared/pairing-screen";
import { pairPanel } from "./panel";
import { SearchScreen } from "./screens/search";
import { Served } from "./screens/served";
import { useService } from "./service";
import { type Visit, toldByServer, visit } from "./visit";

const REFRESH_SECONDS = 60;
/** Revoked means refused so many times in a row. */
const REFUSALS = 4;
const REFUSED_AGAIN_MS = 1500;
const camera = new Camera();

export function Kiosk(): JSX.Element | null {
  const [panel, setPanel] = useState<Panel | null>();
  const [revoked, setRevoked] = useState(false);
  useEffect(() => void findPanel().then((found) => setPanel(found ?? null)), []);
  const leave = useCallback(() => {
    setRevoked(true);
    void unpair().then(() => setPanel(null));
  }, []);
  if (panel === undefined) return null;
  if (panel === null) return <PairingScreen kind="panel" revoked={revoked} pair={async (code) => setPanel(await pairPanel(code))} />;
  return <Paired panel={panel} revoked={leave} />;
}

/** The directory, looked at now and then, and whenever `news` counts up. */
function useDirectory(panel: Panel, news: number, revoked: () => void): Directory | undefined {
  const [directory, setDirectory] = useState<Directory>();
  useEffect(() => {
    let etag = "";
    let over = false;
    let refusals = 0;
    let again: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      try {
        const found = await fetchDirectory(panel, etag);
        if (over || found === "same") return;
        if (found === "revoked") {  // or paired just now, and the PBX has not read it yet
          refusals += 1;
          if (refusals >= REFUSALS) return revoked();
          again = setTimeout(() => void look(), REFUSED_AGAIN_MS);
          return;
        }
        refusals = 0;
        etag = found.etag;
        setDirectory(found.directory);
      } catch {
        setDirectory((had) => had ?? readDirectory({}));
      }
    };
    void keptDirectory().then((kept) => kept && setDirectory((had) => had ?? readDirectory(kept)));
    void look();
    const timer = setInterval(() => void look(), REFRESH_SECONDS * 1000);
    return () => {
      over = true;
      clearTimeout(again);
      clearInterval(timer);
    };
  }, [panel, news]);
  return directory;
}

function useLine(panel: Panel, happen: (what: Happening) => void, changed: () => void): [Line | undefined, LineState] {
  const [state, setState] = useState<LineState>("connecting");
  const line = useRef<Line>(undefined);
  useEffect(() => {
    const made = new Line(panel.account, {
      state: setState,
      invite: ({ session }) => session.terminate({ status_code: 480 }),  // nothing answers at a door by itself
      message: (type, body) => (type === DIRECTORY_TYPE ? changed() : toldByServer(type, body, happen)),
    });
    line.current = made;
    made.start();
    return () => made.stop();
  }, [panel]);
  return [line.current, state];
}

function Paired({ panel, revoked }: { panel: Panel; revoked: () => void }): JSX.Element {
  const [view, happen] = useReducer(next, IDLE);
  const [news, setNews] = useState(0);
  const directory = useDirectory(panel, news, revoked);
  const [line, lineState] = useLine(panel, happen, () => setNews((count) => count + 1));
  const served = useService(panel, directory?.service, view.at === "idle");
  const home = (directory?.languages[0] ?? "nb") as Language;
  const [language, setLanguage] = useState<Language>();
  const [low, setLow] = useState(false);
  const [contrast, setContrast] = useState(false);
  const [touched, setTouched] = useState(0);
  const sound = useRef<HTMLAudioElement>(null);
  const running = useRef<Visit>(undefined);
  const words = speak(language ?? home);

  useEffect(() => {
    if (lineState === "refused") setNews((count) => count + 1);
  }, [lineState]);
  useEffect(() => {
    document.documentElement.lang = language ?? home;
  }, [language, home]);

  const wait = patience(view, directory?.idle_seconds ?? 20);
  const key = JSON.stringify(view);
  useEffect(() => {
    if (wait === undefined) return undefined;
    const timer = setTimeout(() => happen({ is: "late" }), wait * 1000);
    return () => clearTimeout(timer);
  }, [key, touched, wait]);

  useEffect(() => {
    if (view.at === "idle") {  // the next visitor begins afresh, in the house's language
      setLanguage(undefined);
      setLow(false);
      setContrast(false);
      camera.off();
    } else if (!document.hidden) {
      void camera.on().catch(() => undefined);
    }
    if (view.at !== "call") {
      running.current?.end();
      running.current = undefined;
      if (sound.current) sound.current.srcObject = null;  // lets go of the connection it came by
    }
  }, [view.at]);

  const phase = view.at === "call" ? view.phase : undefined;
  useEffect(() => {
    if (phase === "open") play("open");
    if (phase === "next") play("next");
    if (phase === "nobody" || phase === "fault") play("sorry");
  }, [phase]);

  const call = async (user: string, label: string): Promise<void> => {
    running.current?.end();
    happen({ is: "called", user, label });
    try {
      const media = await camera.on();
      if (!line || !line.ua.isConnected()) return happen({ is: "ended", fault: true });
      running.current = visit(line, user, media, (stream) => {
        if (sound.current) sound.current.srcObject = stream;
      }, happen);
    } catch {
      happen({ is: "ended", fault: true });
    }
  };
  const hangUp = (): void => {
    running.current?.end();
    running.current = undefined;
    happen({ is: "went", to: "idle" });
  };
  const check = async (code: string): Promise<void> => {
    happen({ is: "checked", result: "wait" });
    const verdict = await checkCode(panel, code);
    play(verdict.result === "open" ? "open" : "sorry");
    happen({ is: "checked", ...verdict });
  };
  const shown = directory ?? readDirectory({});
  const screen = ((): JSX.Element => {
    switch (view.at) {
      case "idle": return <IdleScreen words={words} language={language ?? home} building={shown.building} away={lineState === "away" || lineState === "refused"} />;
      case "directory": return <DirectoryScreen words={words} directory={shown} happen={happen} call={call} />;
      case "search": return <SearchScreen words={words} directory={shown} typed={view.typed} happen={happen} call={call} />;
      case "group": return <GroupScreen words={words} button={view.button} call={call} />;
      case "code": return <CodeScreen words={words} view={view} happen={happen} check={check} camera={camera} />;
      case "call": return <CallScreen words={words} view={view} directory={shown} end={hangUp} call={call} />;
    }
  })();
  const classes = ["kiosk", `at-${view.at}`, served && "served", low && "low", contrast && "contrast"].filter(Boolean).join(" ");
  return (
    <div
      class={classes} data-line={lineState}
      onPointerDown={() => {
        setTouched((count) => count + 1);
        if (view.at === "idle") play("touch");
        happen({ is: "touched" });
      }}
      onKeyDown={() => {
        setTouched((count) => count + 1);
        happen({ is: "touched" });
      }}
    >
      {served && <Served words={words} language={language ?? home} until={served} />}
      <main class="screen">{screen}</main>
      <Bar
        words={words} view={view} directory={shown} low={low} contrast={contrast} language={language ?? home}
        happen={happen} call={call} setLow={setLow} setContrast={setContrast} setLanguage={setLanguage} stop={hangUp}
      />
      <audio ref={sound} autoplay />
    </div>
  );
}
