// Elements in one expression. In: a name, attributes and listeners, children. Out: the element. Texts stay texts.

type Value = string | number | boolean | null | undefined | ((event: Event) => void);
export type Child = Node | string | null | undefined;

/** An element; a function is a listener for the event of its name, `true` an attribute without a value, `false` none. */
export function element<K extends keyof HTMLElementTagNameMap>(name: K, attributes: Record<string, Value>, ...children: Child[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, String(value));
  }
  made.append(...children.filter((it) => it != null));
  return made;
}
