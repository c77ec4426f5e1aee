package io.caravan.markup;

import io.caravan.openai.Chunk;
import io.caravan.openai.ToolCallDelta;
import io.caravan.openai.UpstreamError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Finds the tool calls that a model wrote as text because its server has no parser for them or a
 * faulty one, and turns them into tool calls. One instance serves one message, on one thread at a
 * time.
 *
 * <p>The text that goes out and the markup that is taken out add up to the text that came in. A
 * chunk without markup goes out as the same object.
 *
 * <p>A piece of markup becomes a call only if
 *
 * <ul>
 *   <li>it is complete, and the tool it names was declared. Otherwise it goes out unchanged.
 *       Closing tags may be missing where other tags, or the model's own end, show what ended; a
 *       text that was cut off is never completed.
 *   <li>it stands where a call may stand: not inside a code fence or a code span, not behind a
 *       quotation mark, and plain tags such as {@code <tool_call>} only at the beginning of a line
 *       or a sentence, or glued to a word. Control tokens of a vocabulary may stand anywhere else.
 *   <li>nothing follows it, if models are known to write examples there: in reasoning, and in
 *       content for tags without their wrapper.
 *   <li>the upstream has not sent the same call in {@code tool_calls}.
 * </ul>
 *
 * <p>Calls go out with the finish reason, which stays unchanged, or at the {@link #end}. Only then
 * it is known which indexes the upstream uses itself, and which of the calls it sends, too.
 */
public final class MarkupRecovery {
  /** The most characters of one piece of markup. A longer one is treated as text. */
  static final int MAX_MARKUP = 1 << 20;

  private static final Set<String> NATURAL_ENDS =
      Set.of(
          "stop",
          "tool_calls",
          "tool_call",
          "tool_use",
          "function_call",
          "end",
          "end_turn",
          "eos",
          "eos_token",
          "stop_token",
          "complete",
          "completed",
          "done",
          "finished");

  /** Claude Code waits and asks again after it. */
  private static final UpstreamError NAME_NOT_READ =
      new UpstreamError(
          503,
          "overloaded_error",
          null,
          "The upstream left a call's arguments in its name, and they can't be read.",
          null);

  private final MarkupSettings settings;
  private final int limit;
  private final boolean on;
  private final DeclaredTools tools;
  private final MarkupCounts counts = new MarkupCounts();
  private final StructuredCalls structured;
  private NameArguments names;

  /** The reasoning that the content may begin with; null if that makes no difference. */
  private OpeningThought thought;

  private TextScanner reasoning;
  private TextScanner content;
  private String id;
  private String model;

  public MarkupRecovery(MarkupSettings settings) {
    this(settings, MAX_MARKUP);
  }

  MarkupRecovery(MarkupSettings settings, int limit) {
    this.settings = settings;
    this.limit = limit;
    on = !settings.families().isEmpty() && !settings.tools().isEmpty();
    tools = new DeclaredTools(settings.tools());
    structured = new StructuredCalls(limit);
  }

  /** Takes in a chunk and returns the chunks that go out now, which may be none. */
  public List<Chunk> accept(Chunk chunk) {
    if (!on) {
      return List.of(chunk);
    }
    id = chunk.id() == null ? id : chunk.id();
    model = chunk.model() == null ? model : chunk.model();
    if (content == null) {
      begin();
    }
    if (thought != null && !thought.isOver() && !chunk.content().isEmpty()) {
      int end = thought.end(chunk.content());
      if (end >= 0) {
        return divided(chunk, end);
      }
    }
    List<ToolCallDelta> calls = named(chunk.toolCalls());
    int quietReasoning = reasoning.quiet(chunk.reasoning());
    int quietContent = content.quiet(chunk.content());
    boolean quiet =
        quietReasoning == chunk.reasoning().length()
            && quietContent == chunk.content().length()
            && calls == chunk.toolCalls();
    if (quiet && !pending()) {
      calls.forEach(structured::add);
      return List.of(chunk);
    }
    boolean ends = chunk.finishReason() != null || chunk.error() != null;
    if (!ends && !chunk.hasContent()) {
      return List.of(chunk);
    }
    TextRuns out = new TextRuns();
    feed(chunk, quietReasoning, quietContent, out);
    if (!calls.isEmpty()) {
      beforeCalls(out);
      calls.forEach(structured::add);
    }
    List<ToolCallDelta> recovered = ends ? close(out, isNatural(chunk)) : List.of();
    return recovered == null
        ? List.of(Chunk.failed(NAME_NOT_READ))
        : assemble(chunk, calls, out, recovered);
  }

  /** Takes in the chunk in which the reasoning inside the content ends. */
  private List<Chunk> divided(Chunk chunk, int end) {
    List<Chunk> out =
        new ArrayList<>(accept(chunk(chunk.content().substring(0, end), "", List.of())));
    content.restart();
    Chunk rest =
        new Chunk(
            chunk.id(),
            chunk.model(),
            chunk.content().substring(end),
            chunk.reasoning(),
            chunk.reasoningDetails(),
            chunk.refusal(),
            chunk.toolCalls(),
            chunk.finishReason(),
            chunk.stopSequence(),
            chunk.usage(),
            chunk.error());
    if (carriesAnything(rest)) {
      out.addAll(accept(rest));
    }
    return out;
  }

  /** Begins with the first chunk, since it names the model. */
  private void begin() {
    String called = settings.model() == null ? model : settings.model();
    Markers markers = Markers.of(settings.families(), settings.documents()).in(called);
    if (settings.families().contains(MarkupSettings.WHOLE_ANSWER)) {
      List<MarkupDocument> documents = new ArrayList<>(settings.documents());
      documents.addAll(MarkupDocument.bundled());
      thought = new OpeningThought(documents);
    }
    names = new NameArguments(tools, structured, markers.families());
    reasoning = new TextScanner(tools, markers, Channel.REASONING, limit, counts);
    content = new TextScanner(tools, markers, Channel.CONTENT, limit, counts);
  }

  /** Ends the message and returns the chunks that were still held back. */
  public List<Chunk> end() {
    if (content == null || !pending()) {
      return List.of();
    }
    TextRuns out = new TextRuns();
    List<ToolCallDelta> recovered = close(out, false);
    if (recovered == null) {
      return List.of(Chunk.failed(NAME_NOT_READ));
    }
    List<Chunk> chunks = texts(out);
    if (!recovered.isEmpty()) {
      chunks.add(chunk("", "", recovered));
    }
    return chunks;
  }

  /** Returns the number of recovered calls by family. */
  public Map<String, Integer> recovered() {
    return counts.byFamily();
  }

  /**
   * Returns the number of pieces of markup that went out as text: cut off, too long, malformed, of
   * an undeclared tool, or an example with more text behind it.
   */
  public int givenUp() {
    return counts.givenUpOn();
  }

  /** Returns the number of calls in the text that the upstream also sent in {@code tool_calls}. */
  int duplicates() {
    return counts.duplicates();
  }

  /**
   * Returns the number of characters of markup that were taken out. With the text that went out
   * they make up the text that came in.
   */
  int charactersTaken() {
    return counts.characters();
  }

  private boolean pending() {
    return reasoning.pending() || content.pending() || !names.isEmpty();
  }

  private void feed(Chunk chunk, int quietReasoning, int quietContent, TextRuns out) {
    if (!chunk.reasoning().isEmpty()) {
      content.settle();
      out.addAll(content.takeRuns());
      reasoning.feed(chunk.reasoning(), quietReasoning);
      out.addAll(reasoning.takeRuns());
    }
    if (!chunk.content().isEmpty()) {
      if (!chunk.content().isBlank()) {
        reasoning.close(!structured.isEmpty(), true);
      }
      content.feed(chunk.content(), quietContent);
      TextRuns said = content.takeRuns();
      if (said.hasText() || content.isTentative()) {
        reasoning.giveBack();
      }
      out.addAll(reasoning.takeRuns());
      out.addAll(said);
    }
  }

  /**
   * Prepares for the upstream's own calls: the calls in the reasoning before them were only
   * thoughts.
   */
  private void beforeCalls(TextRuns out) {
    reasoning.close(true, true);
    reasoning.giveBack();
    out.addAll(reasoning.takeRuns());
    content.settle();
    out.addAll(content.takeRuns());
  }

  private static boolean isNatural(Chunk chunk) {
    return chunk.finishReason() != null
        && NATURAL_ENDS.contains(chunk.finishReason().toLowerCase(Locale.ROOT));
  }

  /**
   * Releases everything and returns the calls, or null if a call must fail.
   *
   * @param natural whether the model ended the completion by itself
   */
  private List<ToolCallDelta> close(TextRuns out, boolean natural) {
    List<ToolCallDelta> recovered = names.end();
    if (recovered == null) {
      return null;
    }
    recovered.forEach(structured::add);
    reasoning.close(!structured.isEmpty(), natural);
    out.addAll(reasoning.takeRuns());
    content.close(!structured.isEmpty(), natural);
    if (!structured.isEmpty() && !content.allIn(structured)) {
      // An upstream that sends {@code tool_calls} only shows the others.
      content.giveBack();
    }
    for (TextScanner scanner : List.of(reasoning, content)) {
      scanner.takeCalls().forEach(found -> recover(found, recovered));
    }
    out.addAll(content.takeRuns());
    return recovered;
  }

  private void recover(TextScanner.Found found, List<ToolCallDelta> recovered) {
    MarkupCall call = found.call();
    if (structured.match(call)) {
      counts.duplicate();
      return;
    }
    counts.recovered(found.family());
    recovered.add(
        new ToolCallDelta(structured.nextIndex(), call.id(), call.name(), call.arguments()));
  }

  /** Returns the upstream's calls under their declared names; the same list if no name changes. */
  private List<ToolCallDelta> named(List<ToolCallDelta> deltas) {
    List<ToolCallDelta> named = deltas;
    for (int i = 0; i < deltas.size(); i++) {
      ToolCallDelta delta = deltas.get(i);
      if (!names.isEmpty() || isStrange(delta.name())) {
        return taken(deltas);
      }
      String name = delta.name() == null ? null : tools.resolve(delta.name());
      if (name != null && !name.equals(delta.name())) {
        named = named == deltas ? new ArrayList<>(deltas) : named;
        named.set(
            i,
            new ToolCallDelta(
                delta.index(), delta.id(), name, delta.arguments(), delta.thoughtSignature()));
      }
    }
    return named;
  }

  private static boolean isStrange(String name) {
    return name != null
        && (name.indexOf('<') >= 0 || name.indexOf('{') >= 0 || name.indexOf('(') >= 0);
  }

  /** Returns the calls without the arguments in their names, and under their declared names. */
  private List<ToolCallDelta> taken(List<ToolCallDelta> deltas) {
    List<ToolCallDelta> rest = new ArrayList<>();
    for (ToolCallDelta delta : deltas) {
      ToolCallDelta left = names.accept(delta);
      String name = left == null || left.name() == null ? null : tools.resolve(left.name());
      if (left != null) {
        rest.add(
            name == null
                ? left
                : new ToolCallDelta(
                    left.index(), left.id(), name, left.arguments(), left.thoughtSignature()));
      }
    }
    return rest;
  }

  private List<Chunk> assemble(
      Chunk chunk, List<ToolCallDelta> calls, TextRuns out, List<ToolCallDelta> recovered) {
    List<Chunk> chunks = texts(out);
    List<ToolCallDelta> all = new ArrayList<>(calls);
    all.addAll(recovered);
    if (chunk.error() != null && !all.isEmpty()) {
      chunks.add(chunk("", "", all));
      all = List.of();
    }
    Chunk rest =
        new Chunk(
            chunk.id(),
            chunk.model(),
            "",
            "",
            chunk.reasoningDetails(),
            chunk.refusal(),
            all,
            chunk.finishReason(),
            chunk.stopSequence(),
            chunk.usage(),
            chunk.error());
    if (carriesAnything(rest)) {
      chunks.add(rest);
    }
    return chunks;
  }

  private static boolean carriesAnything(Chunk chunk) {
    return chunk.hasContent()
        || chunk.reasoningDetails() != null
        || chunk.finishReason() != null
        || chunk.stopSequence() != null
        || chunk.usage() != null
        || chunk.error() != null;
  }

  private List<Chunk> texts(TextRuns out) {
    List<Chunk> chunks = new ArrayList<>();
    for (TextRuns.Run run : out.list()) {
      String text = run.text().toString();
      boolean isContent = run.channel() == Channel.CONTENT;
      chunks.add(chunk(isContent ? text : "", isContent ? "" : text, List.of()));
    }
    return chunks;
  }

  private Chunk chunk(String contentText, String reasoningText, List<ToolCallDelta> calls) {
    return new Chunk(
        id, model, contentText, reasoningText, null, null, calls, null, null, null, null);
  }
}
