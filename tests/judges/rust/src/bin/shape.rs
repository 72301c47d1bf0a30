//! Rust as its lexer reads it.
//!
//! In: lines of JSON, each a module's text. Out: a line for each: its tokens in order without comments, or `{"error": …}` where it cannot be read.

use std::io::{self, BufRead, Write};

use proc_macro2::{TokenStream, TokenTree};

fn main() -> io::Result<()> {
    for line in io::stdin().lock().lines() {
        let text: String = serde_json::from_str(&line?)?;
        let answer = match text.parse::<TokenStream>() {
            Ok(tokens) => {
                let mut leaves = Vec::new();
                flatten(tokens, &mut leaves);
                serde_json::json!(leaves)
            }
            Err(error) => serde_json::json!({ "error": error.to_string() }),
        };
        writeln!(io::stdout(), "{answer}")?;
    }
    Ok(())
}

fn flatten(tokens: TokenStream, leaves: &mut Vec<String>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(sign)
                if sign.as_char() == '#' && tokens.peek().is_some_and(is_comment) =>
            {
                tokens.next();
            }
            TokenTree::Group(group) => {
                leaves.push(format!("open {:?}", group.delimiter()));
                flatten(group.stream(), leaves);
                // A comma behind the last item says only that the list is in lines.
                leaves.pop_if(|last| last == ",");
                leaves.push(format!("close {:?}", group.delimiter()));
            }
            leaf => leaves.push(leaf.to_string()),
        }
    }
}

/// A comment of documentation is `#[doc = "…"]` to the compiler.
fn is_comment(token: &TokenTree) -> bool {
    let TokenTree::Group(group) = token else { return false };
    let first = group.stream().into_iter().next();
    matches!(first, Some(TokenTree::Ident(name)) if name == "doc")
}
