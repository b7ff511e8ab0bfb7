import { EventEmitter } from "node:events";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Reception } from "../app/reception";
import { Line } from "../shared/sip/agent";

const ACCOUNT = { site: "house.example", device: "app", username: "app", secret: "s", server: "ws://127.0.0.1:9/ws" };

class Session extends EventEmitter {
  refused: number | undefined;
  answered = false;
  terminate({ status_code }: { status_code?: number }): void {
    this.refused = status_code;
    this.emit("failed", { originator: "local", cause: "Rejected" });
  }
  answer(): void {
    this.answered = true;
  }
  isEnded = (): boolean => this.refused !== undefined;
}

describe("rings of a device", () => {
  const reception = new Reception(() => undefined, () => undefined);
  const rings = (callId: string): Session => {
    const session = new Session();
    const invite = { session, callId, from: "Gate", header: () => undefined };
    (reception as unknown as { rings(account: object, invite: object): void }).rings(ACCOUNT, invite);
    return session;
  };

  test("one that is long over makes room for the one that is not, however they come", () => {
    const old = rings("old");
    const now = rings("now");
    expect([reception.call?.id, now.refused]).toEqual(["old", undefined]);
    old.emit("failed", { originator: "remote", cause: "Canceled" });
    expect([reception.call?.id, reception.call?.phase]).toEqual(["now", "ringing"]);
    now.emit("failed", { originator: "remote", cause: "Canceled" });
    expect(reception.call?.phase).toBe("over");
  });

  test("the second goes when it goes, a third is told that we are busy, and so is the second by an answer", () => {
    const first = rings("1");
    rings("2").emit("failed", { originator: "remote", cause: "Canceled" });
    const second = rings("3");
    expect(rings("4").refused).toBe(486);
    reception.answer();
    expect([first.answered, second.refused]).toEqual([true, 486]);
    first.emit("failed", { originator: "remote", cause: "Canceled" });
    expect([reception.call?.id, reception.call?.phase]).toEqual(["1", "over"]);
  });
});

describe("a line that was asleep", () => {
  const transport = { connect: vi.fn(), disconnect: vi.fn() };
  let heard: () => void = () => undefined;
  let connected = true;
  const line = new Line(ACCOUNT, { state: () => undefined });
  Object.assign(line.ua, {
    register: vi.fn(), isConnected: () => connected, _transport: transport,
    sendOptions: (_: string, __: undefined, { eventHandlers }: { eventHandlers: { failed: () => void } }) => (heard = eventHandlers.failed),
  });

  beforeEach(() => {
    vi.useFakeTimers();
    vi.clearAllMocks();
  });
  afterEach(() => void vi.useRealTimers());

  test("holds while its other end says anything", () => {
    line.refresh();
    heard();
    vi.advanceTimersByTime(10_000);
    expect(line.ua.register).toHaveBeenCalledTimes(1);
    expect(transport.disconnect).not.toHaveBeenCalled();
  });

  test("is made anew when nothing comes by it", () => {
    line.refresh();
    line.refresh();
    vi.advanceTimersByTime(3_000);
    expect([transport.disconnect.mock.calls.length, transport.connect.mock.calls.length]).toEqual([1, 1]);
  });

  test("does not wait for its turn when it is away", () => {
    connected = false;
    line.refresh();
    expect(transport.connect).toHaveBeenCalledTimes(1);
    line.stop();
  });
});
