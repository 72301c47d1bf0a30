// Documentation as elements. In: Markdown, part of which the schema's author wrote and is not trusted. Out: a fragment made
// node by node: no HTML is ever read, and the only links are to the web.

import { lexer, type Token, type Tokens } from "marked";

/** `text` as elements. */
export function markdown(text: string): DocumentFragment {
  return fragment(lexer(text, { gfm: true }));
}

function fragment(tokens: readonly Token[] = []): DocumentFragment {
  const all = document.createDocumentFragment();
  for (const token of tokens) all.append(node(token));
  return all;
}

function element(name: string, content: Node | string): HTMLElement {
  const made = document.createElement(name);
  made.append(content);
  return made;
}

/** A paragraph, a text, a word in bold. What is not known here is shown as it is written. */
function node(token: Token): Node | string {
  switch (token.type) {
    case "space":
      return "";
    case "paragraph":
      return element("p", fragment(token.tokens));
    case "heading":
      return element("h4", fragment(token.tokens));
    case "strong":
      return element("strong", fragment(token.tokens));
    case "em":
      return element("em", fragment(token.tokens));
    case "codespan":
      return element("code", (token as Tokens.Codespan).text);
    case "code":
      return element("pre", element("code", (token as Tokens.Code).text));
    case "blockquote":
      return element("blockquote", fragment(token.tokens));
    case "br":
      return document.createElement("br");
    case "list": {
      const { items, ordered } = token as Tokens.List;
      const all = document.createDocumentFragment();
      for (const item of items) all.append(element("li", fragment(item.tokens)));
      return element(ordered ? "ol" : "ul", all);
    }
    case "link": {
      const { href, tokens } = token as Tokens.Link;
      if (!href.startsWith("https://")) return fragment(tokens);
      const link = element("a", fragment(tokens)) as HTMLAnchorElement;
      link.href = href;
      link.target = "_blank";
      link.rel = "noreferrer";
      return link;
    }
    case "text": {
      const { tokens, text } = token as Tokens.Text;
      return tokens === undefined ? text : fragment(tokens);
    }
    case "escape":
      return (token as Tokens.Escape).text;
    default:
      return token.raw;
  }
}
