package io.caravan.markup;

import io.caravan.json.JsonTree;
import io.caravan.json.RawJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Describes a way of writing tool calls, or thoughts, by the literal strings around their parts.
 * The bundled ones are lines of {@code families.json} beside this class; a further one is a bean of
 * this type in a YAML route.
 *
 * <p>Blanks may stand between the parts, whether the strings have them or not. Quotation marks
 * around {@code {name}} and {@code {key}} may be double, single or missing. A tag with a bar in it
 * is taken for a control token, which prose doesn't hold.
 */
public final class MarkupDocument {
  private static final String BUNDLED = "families.json";
  private static final List<MarkupDocument> ALL = read();

  private String name = "";
  private String open = "";
  private String close = "";
  private String call = "";
  private String argument = "";
  private String thinkOpen = "";
  private String thinkClose = "";
  private boolean anywhere;

  /** Returns the bundled documents, in the order in which they are tried. */
  public static List<MarkupDocument> bundled() {
    return ALL;
  }

  private static List<MarkupDocument> read() {
    try (InputStream in = MarkupDocument.class.getResourceAsStream(BUNDLED)) {
      Object all = JsonTree.read(RawJson.of(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
      return ((List<?>) all).stream().map(one -> of((Map<?, ?>) one)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MarkupDocument of(Map<?, ?> members) {
    MarkupDocument document = new MarkupDocument();
    members.forEach(document::set);
    return document;
  }

  private void set(Object key, Object value) {
    String text = String.valueOf(value);
    switch (String.valueOf(key)) {
      case "name" -> setName(text);
      case "open" -> setOpen(text);
      case "close" -> setClose(text);
      case "call" -> setCall(text);
      case "argument" -> setArgument(text);
      case "thinkOpen" -> setThinkOpen(text);
      case "thinkClose" -> setThinkClose(text);
      case "anywhere" -> setAnywhere(Boolean.parseBoolean(text));
      default -> throw new IllegalArgumentException("A markup document has no " + key);
    }
  }

  /** Sets the name of the family, as in {@code caravan.markup.families} and in metrics. */
  public void setName(String name) {
    this.name = name;
  }

  /** Sets the opening of the wrapper around the calls; empty if there is none. */
  public void setOpen(String open) {
    this.open = open;
  }

  /** Sets the end of the wrapper. Models and servers may leave it out. */
  public void setClose(String close) {
    this.close = close;
  }

  /**
   * Sets the form of one call: the strings around {@code {name}} and {@code {arguments}}, and
   * around {@code {id}} if there is one. {@code {calls}} alone stands for objects with name and
   * arguments, lists of them, or calls in Python's notation. Empty if the family has no calls.
   */
  public void setCall(String call) {
    this.call = call;
  }

  /**
   * Sets the form of one argument: the strings around {@code {key}} and {@code {value}}. A line end
   * next to the value belongs to the tag. Empty if the arguments are one JSON object.
   */
  public void setArgument(String argument) {
    this.argument = argument;
  }

  /** Sets the tag that opens the reasoning at the beginning of a text; empty if there is none. */
  public void setThinkOpen(String thinkOpen) {
    this.thinkOpen = thinkOpen;
  }

  /** Sets the tag that ends the reasoning. */
  public void setThinkClose(String thinkClose) {
    this.thinkClose = thinkClose;
  }

  /**
   * Sets whether the opening counts anywhere in a text, as a control token does. Otherwise it
   * counts where a line or a sentence begins. One that begins with a letter counts only at the
   * beginning of the message.
   */
  public void setAnywhere(boolean anywhere) {
    this.anywhere = anywhere;
  }

  /** Returns the name of the family. */
  public String getName() {
    return name;
  }

  /** Returns the tag that opens the reasoning; empty if there is none. */
  public String getThinkOpen() {
    return thinkOpen;
  }

  /** Returns the tag that ends the reasoning. */
  public String getThinkClose() {
    return thinkClose;
  }

  String open() {
    return open;
  }

  String close() {
    return close;
  }

  String call() {
    return call;
  }

  String argument() {
    return argument;
  }

  boolean isAnywhere() {
    return anywhere;
  }

  /**
   * Checks that the strings say something.
   *
   * @throws IllegalArgumentException if one of them can't be used, with the reason
   */
  public void check() {
    require(!name.isBlank(), "needs a name");
    require(!call.isEmpty() || !thinkOpen.isEmpty(), "needs a call or a thinkOpen");
    require(thinkOpen.isEmpty() == thinkClose.isEmpty(), "needs both thinkOpen and thinkClose");
    boolean list = call.equals(CallForm.CALLS);
    require(
        call.isEmpty() || list || call.contains(CallForm.NAME),
        "needs {name} or {calls} in its call");
    require(
        call.isEmpty() || list || call.contains(CallForm.ARGUMENTS),
        "needs {arguments} in its call");
    require(!list || !open.isEmpty(), "needs an opening for {calls}");
    require(
        argument.isEmpty()
            || (argument.contains(CallForm.KEY) && argument.contains(CallForm.VALUE)),
        "needs {key} and {value} in its argument");
    require(
        call.isEmpty() || !open.isEmpty() || !call.startsWith("{"),
        "needs a string before {name}, or an opening");
  }

  private void require(boolean met, String otherwise) {
    if (!met) {
      throw new IllegalArgumentException("The markup document \"" + name + "\" " + otherwise + ".");
    }
  }
}
