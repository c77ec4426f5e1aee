package io.caravan.openai;

import java.util.regex.Pattern;

/**
 * Makes the text of an error fit for one line of a terminal. Servers send templates' stack traces,
 * colours, HTML and whole prompts.
 */
final class ErrorText {
  /** The longest message kept, in UTF-16 units. */
  static final int MAX_MESSAGE = 4096;

  /** The longest type, code or field name kept. */
  static final int MAX_NAME = 128;

  private static final Pattern ANSI = Pattern.compile("\u001B\\[[0-9;?]{0,32}[ -/]{0,4}[@-~]");
  private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Cc}\\p{Zs}\\p{Zl}\\p{Zp}]+");
  // These characters change the direction of the text behind them, and could make a message read
  // otherwise.
  private static final Pattern BIDI = Pattern.compile("[\u200E\u200F\u202A-\u202E\u2066-\u2069]");

  private static final Pattern TITLE =
      Pattern.compile("<(title|h1)[^<>]{0,200}>([^<]{1,500})<", Pattern.CASE_INSENSITIVE);
  private static final Pattern TAG = Pattern.compile("<[^<>]{0,500}>");

  private ErrorText() {}

  static String message(String text) {
    return clean(text, MAX_MESSAGE);
  }

  /** Returns a cleaned name, or null if nothing is left. */
  static String name(String text) {
    String clean = text == null ? "" : clean(text, MAX_NAME);
    return clean.isEmpty() ? null : clean;
  }

  private static String clean(String text, int max) {
    // The cut comes first, to bound the work. It leaves twice the length, since blanks may go.
    String head = text.length() > 2 * max ? text.substring(0, 2 * max) : text;
    String plain = ANSI.matcher(head).replaceAll("");
    plain = BIDI.matcher(plain).replaceAll("");
    plain = BLANKS.matcher(plain).replaceAll(" ").strip();
    return cut(plain, max);
  }

  private static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = max - 1;
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + "…";
  }

  /** Returns the text that a page shows a person: its title, else its heading, else its text. */
  static String ofHtml(String html) {
    var title = TITLE.matcher(html);
    String text = title.find() ? title.group(2) : TAG.matcher(html).replaceAll(" ");
    return text.replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }
}
