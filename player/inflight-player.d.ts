/** A resource, as a `metrics` event tells of it. */
export interface ResourceReport {
  name: string;
  health: "ok" | "near-quota" | "dead-letters" | "throttled" | "failing" | "down";
  /** A sentence, such as `fraud, SQS queue, 38 visible`. */
  summary: string;
}

/** The events of the element, and what each carries as `detail`. */
export interface InflightPlayerEvents {
  ready: CustomEvent<{ engine: string }>;
  state: CustomEvent<{ playing: boolean; ended: boolean; t: number }>;
  metrics: CustomEvent<{ t: number; resources: ResourceReport[] }>;
  assertion: CustomEvent<{ place: number; holds: boolean; observed: number }>;
  height: CustomEvent<{ height: number }>;
  changed: CustomEvent<{ hash: string }>;
  error: CustomEvent<{ message: string; id?: number }>;
  snapshot: CustomEvent<{ svg: string; id?: number }>;
  done: CustomEvent<{ id?: number }>;
}

/** What a player answers to a request. */
export interface Answer {
  id: number;
}

/**
 * `<inflight-player scenario="fan-out" mode="play">` with a picture inside that is shown first.
 *
 * Attributes: `scenario` (a name of the gallery, or the fragment of a link), `base` (the folder of the site), `label`,
 * `height`, `fit-height`, `load="visible"`, and the words of a link: `mode`, `theme`, `autoplay`, `repeat`, `speed`,
 * `t`, `seed`, `profile`, `panels`, `controls`, `fit`, `lang`, `motion`, `select`, `lock`, `hide`.
 */
export class InflightPlayer extends HTMLElement {
  /** The folder of the site, with its `/`. */
  readonly base: string;
  /** The address of the frame. */
  readonly address: string;
  /** True once the frame is there. */
  readonly loaded: boolean;
  /** Puts the player in the place of the poster. */
  load(): void;
  /** Puts the poster back. */
  unload(): void;
  play(): Promise<Answer>;
  pause(): Promise<Answer>;
  step(): Promise<Answer>;
  /** To a time: seconds, or such as `1m30s`. */
  seek(t: number | string): Promise<Answer>;
  /** Changes a property, such as `producer.rate`; only with `mode` `tweak` or `edit`. */
  set(path: string, value: unknown): Promise<Answer>;
  /** Shows another scenario: the fragment of a link, or a document. */
  show(scenario: string | object): Promise<Answer>;
  /** The diagram as it stands, as SVG. */
  snapshot(): Promise<string>;
  addEventListener<K extends keyof InflightPlayerEvents>(
    type: K,
    listener: (this: InflightPlayer, event: InflightPlayerEvents[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "inflight-player": InflightPlayer;
  }
}
