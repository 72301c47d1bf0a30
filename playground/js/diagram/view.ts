// The diagram of the tables. In: the SVG that the target `erd` writes, and which of its lines say which object. Out: it can be
// moved, zoomed (by two fingers too) and clicked; what is clicked leads to its source. Looks come from the style sheet.

import type { Drawing, Location } from "../compiler/protocol.js";

/** The closest and the farthest that one gets. */
const [CLOSEST, FARTHEST] = [4, 0.05];
const STEP = 1.25;
/** How many pixels the pointer may move in a click. */
const STEADY = 4;

interface Point {
  x: number;
  y: number;
}

/** A diagram in `host`. */
export class DiagramView {
  readonly #host: HTMLElement;
  readonly #goTo: (place: Location) => void;
  #svg: SVGSVGElement | undefined;
  #text = "";
  /** What is seen: the corner of the diagram, in its own units, and pixels a unit. */
  #view = { x: 0, y: 0, scale: 1 };
  #isFitted = true;
  /** Where the fingers are, or the mouse with its button down. */
  readonly #held = new Map<number, Point>();
  /** What is clicked if nothing moves. */
  #pressed: Element | undefined;

  constructor(host: HTMLElement, goTo: (place: Location) => void) {
    this.#host = host;
    this.#goTo = goTo;
    host.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    host.addEventListener("pointerdown", (event) => this.#hold(event));
    host.addEventListener("pointermove", (event) => this.#drag(event));
    host.addEventListener("pointerup", (event) => this.#release(event));
    host.addEventListener("pointercancel", (event) => this.#release(event));
    // A finger's click comes last: if its release led to the source already, it would hit what is seen then.
    host.addEventListener("click", () => this.#click());
    new ResizeObserver(() => (this.#isFitted ? this.fit() : this.#place())).observe(host);
  }

  /** Whether anybody sees it. */
  get isVisible(): boolean {
    return this.#host.offsetParent !== null;
  }

  /** Draws; what was in view stays there. */
  draw({ svg, objects }: Drawing): void {
    if (svg === this.#text) return;
    // Its own styles are for readers elsewhere, and the page's policy forbids them.
    const bare = svg.replace(/<style>[^]*?<\/style>/, "");
    const parsed = new DOMParser().parseFromString(bare, "image/svg+xml").documentElement;
    if (!(parsed instanceof SVGSVGElement)) return;
    this.#text = svg;
    parsed.setAttribute("role", "group");
    this.#link(parsed, svg, objects);
    this.#svg = document.importNode(parsed, true);
    this.#svg.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      // The editor, which gets the focus, would take the key for its own.
      event.preventDefault();
      this.#open(event.target as Element);
    });
    this.#host.replaceChildren(this.#svg);
    if (this.#isFitted) this.fit();
    else this.#place();
  }

  /** Shows all of it. */
  fit(): void {
    if (this.#svg === undefined || !this.isVisible) return;
    const { width, height } = this.#size();
    const { clientWidth, clientHeight } = this.#host;
    const scale = Math.min(1.2, clientWidth / width, clientHeight / height);
    this.#view = { x: (width - clientWidth / scale) / 2, y: (height - clientHeight / scale) / 2, scale };
    this.#isFitted = true;
    this.#place();
  }

  /** Goes closer to the middle, or away from it. */
  zoom(closer: boolean): void {
    const { clientWidth, clientHeight } = this.#host;
    this.#scale(closer ? STEP : 1 / STEP, clientWidth / 2, clientHeight / 2);
  }

  /** The picture as a file of its own. */
  svg(): Blob {
    return new Blob([this.#text], { type: "image/svg+xml" });
  }

  /** The picture as points, twice as many as on a plain screen. */
  async png(): Promise<Blob> {
    const { width, height } = this.#size();
    const image = new Image();
    image.src = URL.createObjectURL(this.svg());
    try {
      await image.decode();
      // Browsers draw no canvas of more than 16384 points a side.
      const scale = Math.min(2, 16_384 / width, 16_384 / height);
      const canvas = new OffscreenCanvas(Math.ceil(width * scale), Math.ceil(height * scale));
      const context = canvas.getContext("2d")!;
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      return await canvas.convertToBlob({ type: "image/png" });
    } finally {
      URL.revokeObjectURL(image.src);
    }
  }

  /** Gives each group that is about an object its place. A line of the text holds whole elements, and no text holds `<`. */
  #link(parsed: SVGSVGElement, svg: string, objects: Drawing["objects"]): void {
    const before = [0];
    for (const line of svg.split("\n")) before.push(before.at(-1)! + (line.match(/<g[ >]/g)?.length ?? 0));
    const groups = parsed.querySelectorAll("g");
    for (const { line, object, place } of objects) {
      const group = groups[before[line]!];
      if (group === undefined || before[line] === before[line + 1]) continue;
      group.dataset.place = JSON.stringify(place);
      if (!object.startsWith("table ")) continue;
      group.setAttribute("role", "button");
      group.setAttribute("tabindex", "0");
    }
  }

  #open(element: Element): void {
    const place = element.closest<SVGElement>("[data-place]")?.dataset.place;
    if (place !== undefined) this.#goTo(JSON.parse(place) as Location);
  }

  #size(): { width: number; height: number } {
    const { width, height } = this.#svg!.viewBox.baseVal;
    return { width, height };
  }

  #place(): void {
    if (this.#svg === undefined) return;
    const { x, y, scale } = this.#view;
    const { width, height } = this.#size();
    this.#svg.style.width = `${width * scale}px`;
    this.#svg.style.height = `${height * scale}px`;
    this.#svg.style.translate = `${-x * scale}px ${-y * scale}px`;
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const bounds = this.#host.getBoundingClientRect();
    this.#scale(Math.exp(-event.deltaY / 400), event.clientX - bounds.left, event.clientY - bounds.top);
  }

  /** What is under the point stays there. */
  #scale(factor: number, left: number, top: number): void {
    const { x, y, scale } = this.#view;
    const next = Math.min(CLOSEST, Math.max(FARTHEST, scale * factor));
    this.#view = { x: x + left / scale - left / next, y: y + top / scale - top / next, scale: next };
    this.#isFitted = false;
    this.#place();
  }

  #hold(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#host.setPointerCapture(event.pointerId);
    this.#held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.#pressed = this.#held.size === 1 ? (event.target as Element) : undefined;
  }

  /** What is held goes where the hand goes: along with one finger; closer, or away, between several. */
  #drag(event: PointerEvent): void {
    const from = this.#held.get(event.pointerId);
    if (from === undefined) return;
    if (this.#pressed !== undefined && Math.hypot(event.clientX - from.x, event.clientY - from.y) < STEADY) return;
    this.#pressed = undefined;
    const before = grip([...this.#held.values()]);
    this.#held.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const after = grip([...this.#held.values()]);
    this.#view.x -= (after.x - before.x) / this.#view.scale;
    this.#view.y -= (after.y - before.y) / this.#view.scale;
    const bounds = this.#host.getBoundingClientRect();
    this.#scale(after.width / before.width, after.x - bounds.left, after.y - bounds.top);
  }

  #release(event: PointerEvent): void {
    this.#held.delete(event.pointerId);
    if (event.type === "pointercancel") this.#pressed = undefined;
  }

  #click(): void {
    const pressed = this.#pressed;
    this.#pressed = undefined;
    if (pressed !== undefined) this.#open(pressed);
  }
}

/** The middle of some fingers, and how far they are from it. */
function grip(points: Point[]): Point & { width: number } {
  const mean = (of: (point: Point) => number): number => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  // One finger is not away from itself, and two may meet.
  return { x, y, width: Math.max(1, mean((point) => Math.hypot(point.x - x, point.y - y))) };
}
