// A text in a link. In: a text. Out: letters that a URL's fragment can hold, and back. What comes out of a link is untrusted:
// it is a text of bounded length and nothing more; what it says is judged by whoever reads it.

/** A link may not unpack to more than this many bytes, so that a small one cannot fill the memory. */
const LIMIT = 8_000_000;

/** `text`, compressed, in the letters of base64url. */
export async function pack(text: string): Promise<string> {
  const bytes = await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"))).bytes();
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The text of `letters`. Fails where they are damaged or hold too much. */
export async function unpack(letters: string): Promise<string> {
  if (!/^[\w-]*$/.test(letters)) throw new Error("it holds characters that no link has");
  const binary = atob(letters.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let size = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > LIMIT) throw new Error(`it holds more than ${LIMIT / 1_000_000} MB`);
    parts.push(value as Uint8Array<ArrayBuffer>);
  }
  return new TextDecoder("utf-8", { fatal: true }).decode(await new Blob(parts).arrayBuffer());
}
