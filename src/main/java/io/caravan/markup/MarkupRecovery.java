package io.caravan.markup;

import io.caravan.openai.Chunk;
import io.caravan.openai.ToolCallDelta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds tool calls that a model wrote as text, because its server has no parser for them or a
 * broken one, and makes them tool calls. One instance a message; not for several threads.
 *
 * <p>What goes out as text, and the markup that is taken out, are together what came in. A chunk in
 * which there is nothing to see goes out as the same object.
 *
 * <p>A piece of markup becomes a call only if
 *
 * <ul>
 *   <li>it is complete, and the tool it names was declared. Otherwise it goes out as it came;
 *       nothing is ever completed.
 *   <li>it stands where a call may stand: not inside of a code fence or a code span, not behind a
 *       quotation mark, and plain tags such as {@code <tool_call>} only where a line or a sentence
 *       begins, or glued to a word. Control tokens of a vocabulary may stand anywhere else.
 *   <li>nothing follows it, where models are known to write examples: in reasoning, and in the
 *       answer for tags without their wrapper.
 *   <li>the upstream has not sent the same call as a call.
 * </ul>
 *
 * <p>Calls go out with the finish reason, which is not changed, or at the {@link #end}: only then
 * it is known which indexes the upstream takes for itself, and which calls it sends besides.
 */
public final class MarkupRecovery {
  /** Markup of more characters is taken for text. */
  public static final int MAX_MARKUP = 1 << 20;

  private final MarkupSettings settings;
  private final int limit;
  private final boolean on;
  private final DeclaredTools tools;
  private final MarkupCounts counts = new MarkupCounts();
  private final StructuredCalls structured;
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

  /** Takes in a chunk; returns what goes out now, which may be nothing. */
  public List<Chunk> accept(Chunk chunk) {
    if (!on) {
      return List.of(chunk);
    }
    id = chunk.id() == null ? id : chunk.id();
    model = chunk.model() == null ? model : chunk.model();
    if (content == null) {
      begin();
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
    return assemble(chunk, calls, out, ends ? close(out) : List.of());
  }

  /** Begins with the first chunk, since that names the model. */
  private void begin() {
    String called = settings.model() == null ? model : settings.model();
    Markers markers = Markers.of(settings.families()).in(called);
    reasoning = new TextScanner(tools, markers, Channel.REASONING, limit, counts);
    content = new TextScanner(tools, markers, Channel.CONTENT, limit, counts);
  }

  /** The stream has ended: what is still held goes out. */
  public List<Chunk> end() {
    if (content == null || !pending()) {
      return List.of();
    }
    TextRuns out = new TextRuns();
    List<ToolCallDelta> recovered = close(out);
    List<Chunk> chunks = texts(out);
    if (!recovered.isEmpty()) {
      chunks.add(chunk("", "", recovered));
    }
    return chunks;
  }

  /** How many calls were recovered, by family. */
  public Map<String, Integer> recovered() {
    return counts.byFamily();
  }

  /**
   * How many pieces of markup went out as text: cut off, too long, broken, of an undeclared tool,
   * or an example with more text behind it.
   */
  public int givenUp() {
    return counts.givenUpOn();
  }

  /** How many calls in the text were ones that the upstream sent as calls, too. */
  public int duplicates() {
    return counts.duplicates();
  }

  /** How many characters of markup were taken out of the texts: they and what went out are all. */
  public int charactersTaken() {
    return counts.characters();
  }

  private boolean pending() {
    return reasoning.pending() || content.pending();
  }

  private void feed(Chunk chunk, int quietReasoning, int quietContent, TextRuns out) {
    if (!chunk.reasoning().isEmpty()) {
      content.settle();
      out.addAll(content.takePieces());
      reasoning.feed(chunk.reasoning(), quietReasoning);
      out.addAll(reasoning.takePieces());
    }
    if (!chunk.content().isEmpty()) {
      if (!chunk.content().isBlank()) {
        reasoning.close(!structured.isEmpty());
      }
      content.feed(chunk.content(), quietContent);
      TextRuns said = content.takePieces();
      if (said.says() || content.isTentative()) {
        reasoning.giveBack();
      }
      out.addAll(reasoning.takePieces());
      out.addAll(said);
    }
  }

  /** The upstream sends calls itself: what was thought of before was only thought of. */
  private void beforeCalls(TextRuns out) {
    reasoning.close(true);
    reasoning.giveBack();
    out.addAll(reasoning.takePieces());
    content.settle();
    out.addAll(content.takePieces());
  }

  /** Lets everything go, and returns the calls. */
  private List<ToolCallDelta> close(TextRuns out) {
    reasoning.close(!structured.isEmpty());
    out.addAll(reasoning.takePieces());
    content.close(!structured.isEmpty());
    if (!structured.isEmpty() && !content.allIn(structured)) {
      // An upstream that sends calls as it should shows the others only.
      content.giveBack();
    }
    List<ToolCallDelta> recovered = new ArrayList<>();
    for (TextScanner scanner : List.of(reasoning, content)) {
      scanner.takeCalls().forEach(found -> recover(found, recovered));
    }
    out.addAll(content.takePieces());
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

  /** The upstream's calls under their declared names; the same list where they have those. */
  private List<ToolCallDelta> named(List<ToolCallDelta> deltas) {
    List<ToolCallDelta> named = deltas;
    for (int i = 0; i < deltas.size(); i++) {
      ToolCallDelta delta = deltas.get(i);
      String name = delta.name() == null ? null : tools.resolve(delta.name());
      if (name != null && !name.equals(delta.name())) {
        named = named == deltas ? new ArrayList<>(deltas) : named;
        named.set(i, new ToolCallDelta(delta.index(), delta.id(), name, delta.arguments()));
      }
    }
    return named;
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
    if (says(rest)) {
      chunks.add(rest);
    }
    return chunks;
  }

  private static boolean says(Chunk chunk) {
    return chunk.hasContent()
        || chunk.reasoningDetails() != null
        || chunk.finishReason() != null
        || chunk.stopSequence() != null
        || chunk.usage() != null
        || chunk.error() != null;
  }

  private List<Chunk> texts(TextRuns out) {
    List<Chunk> chunks = new ArrayList<>();
    for (TextRuns.Piece piece : out.list()) {
      String text = piece.text().toString();
      boolean answer = piece.voice() == Channel.CONTENT;
      chunks.add(chunk(answer ? text : "", answer ? "" : text, List.of()));
    }
    return chunks;
  }

  private Chunk chunk(String answer, String thought, List<ToolCallDelta> calls) {
    return new Chunk(id, model, answer, thought, null, null, calls, null, null, null, null);
  }
}
