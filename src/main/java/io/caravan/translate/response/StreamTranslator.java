package io.caravan.translate.response;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.caravan.anthropic.Event;
import io.caravan.anthropic.Usage;
import io.caravan.openai.Chunk;
import io.caravan.openai.MalformedStreamException;
import io.caravan.openai.ToolCallDelta;
import io.caravan.openai.UpstreamError;
import io.caravan.openai.UpstreamUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Turns the chunks of an OpenAI-compatible answer into the events of an Anthropic message. One
 * instance an answer; not for several threads at once.
 *
 * <p>Whatever the upstream does, what comes out is a valid event sequence: message_start first,
 * blocks one after the other, then message_delta and message_stop, or an error; and nothing after
 * that.
 *
 * <p>The end of the message waits for {@link Chunk#DONE} or {@link #end}, since usage comes after
 * the finish reason, and some upstreams give the finish reason twice (OpenRouter). An answer
 * without a finish reason has broken off, even if {@code [DONE]} came
 * (router-for-me/CLIProxyAPI#4884).
 */
public final class StreamTranslator {
  private final StreamSettings settings;
  private final Function<UpstreamError, AnthropicException> failures;
  private final Consumer<Event> sink;

  private final AnswerLosses losses = new AnswerLosses();
  private final BlockQueue queue;
  private final ReasoningCarrier carrier;
  private final ThinkTags tags;
  private final PrefillEcho echo;
  private final ToolCallAssembler calls;
  private final ReasoningText reasoning = new ReasoningText();
  private final OutputTally tally;
  private final List<String> toolUseIds = new ArrayList<>();

  /** White space of which it isn't known yet whether anything follows in the same block. */
  private final StringBuilder blankText = new StringBuilder();

  private final StringBuilder blankReasoning = new StringBuilder();

  private boolean begun;
  private boolean ended;
  private boolean callSeen;
  private boolean answered;
  private boolean textEnded;
  private boolean refused;
  private boolean strayThinkEnd;
  private String finishReason;
  private String stopSequence;
  private UpstreamUsage usage;
  private String stopReason;
  private AnthropicException failure;
  private AnswerOutcome outcome;

  /**
   * @param failures puts a failure of the upstream into the client's words
   * @param sink takes the events
   */
  public StreamTranslator(
      StreamSettings settings,
      Function<UpstreamError, AnthropicException> failures,
      Consumer<Event> sink) {
    this.settings = settings;
    this.failures = failures;
    this.sink = sink;
    this.queue = new BlockQueue(sink);
    this.carrier = new ReasoningCarrier(settings.thinking());
    this.tags = new ThinkTags(settings.thinkingOpen(), new Divided());
    this.echo = new PrefillEcho(settings.prefill());
    this.calls = new ToolCallAssembler(settings::declares, this::begin, losses);
    this.tally = new OutputTally(settings.outputTokens());
  }

  /** Sends message_start, if it has not gone out; the first chunk does that as well. */
  public void begin() {
    if (!begun) {
      begun = true;
      sink.accept(
          new Event.MessageStart(
              settings.messageId(),
              settings.model(),
              new Usage(settings.inputTokens(), 0, 0, 0, 0)));
    }
  }

  /** Takes a chunk. */
  public void accept(Chunk chunk) {
    if (ended) {
      return;
    }
    begin();
    if (chunk.isDone()) {
      end();
      return;
    }
    if (chunk.error() != null) {
      fail(failures.apply(chunk.error()));
      return;
    }
    try {
      content(chunk);
      queue.flush();
    } catch (MalformedStreamException e) {
      sendFailure(new AnthropicException(ErrorType.API, e.getMessage()));
      return;
    }
    if (chunk.finishReason() != null && finishReason == null) {
      finishReason = chunk.finishReason();
    }
    if (chunk.stopSequence() != null && settings.stopSequences().contains(chunk.stopSequence())) {
      stopSequence = chunk.stopSequence();
    }
    // The last one counts, unless it is a form that was never filled in.
    if (chunk.usage() != null && (usage == null || !isEmpty(chunk.usage()))) {
      usage = chunk.usage();
    }
  }

  private static boolean isEmpty(UpstreamUsage usage) {
    return usage.promptTokens() <= 0 && usage.completionTokens() <= 0;
  }

  /** Thinking, text, calls: the order in which a model says what a server put into one chunk. */
  private void content(Chunk chunk) {
    if (chunk.reasoningDetails() != null) {
      carrier.addDetails(chunk.reasoningDetails());
    }
    if (!chunk.reasoning().isEmpty()) {
      tags.interrupt();
      reasoning.field(chunk.reasoning());
      reasoning(chunk.reasoning());
    }
    if (!chunk.content().isEmpty()) {
      tally.add(chunk.content());
      tags.accept(chunk.content());
    }
    if (chunk.refusal() != null && !chunk.refusal().isEmpty()) {
      refused = true;
      tally.add(chunk.refusal());
      tags.interrupt();
      text(chunk.refusal());
    }
    for (ToolCallDelta delta : chunk.toolCalls()) {
      tally.add(delta.name() == null ? delta.arguments() : delta.name() + delta.arguments());
      queue.keep(calls.accept(delta));
    }
  }

  /** Text less what belongs to tags and to a repeated prefill. */
  private void text(String text) {
    if (queue.last() instanceof TextSegment open && !textEnded) {
      open.add(text, queue);
      return;
    }
    if (text.isBlank()) {
      queue.keep(text.length());
      blankText.append(text);
      return;
    }
    blankReasoning.setLength(0);
    TextSegment segment = new TextSegment();
    queue.add(segment);
    segment.add(blankText + text, queue);
    blankText.setLength(0);
    textEnded = false;
    answered = true;
  }

  private void reasoning(String text) {
    tally.add(text);
    reasoning.keep(text);
    if (!settings.thinking()) {
      losses.add(AnswerLoss.THINKING);
      return;
    }
    if (queue.last() instanceof ThinkingSegment open) {
      dropBlankText();
      open.add(text, queue);
      return;
    }
    if (text.isBlank()) {
      queue.keep(text.length());
      blankReasoning.append(text);
      return;
    }
    dropBlankText();
    ThinkingSegment segment = new ThinkingSegment(settings.thinkingOmitted(), carrier);
    queue.add(segment);
    segment.add(blankReasoning + text, queue);
    blankReasoning.setLength(0);
  }

  private void begin(ToolCall call) {
    tags.interrupt();
    if (callSeen && !settings.parallelCalls()) {
      losses.add(AnswerLoss.TOOL_CALL_EXTRA);
      return;
    }
    callSeen = true;
    answered = true;
    dropBlankText();
    blankReasoning.setLength(0);
    queue.add(new CallSegment(call, settings, carrier, toolUseIds));
  }

  /**
   * White space alone is no block: the client would send it back, and Anthropic's own API refuses
   * it ("text content blocks must contain non-whitespace text").
   */
  private void dropBlankText() {
    if (blankText.length() > 0) {
      losses.add(AnswerLoss.WHITE_SPACE);
      blankText.setLength(0);
    }
  }

  /** The upstream's answer is over: the connection ended, or {@code [DONE]} came. */
  public void end() {
    if (ended) {
      return;
    }
    begin();
    if (finishReason == null) {
      sendFailure(brokenOff());
      return;
    }
    FinishReason ending = FinishReason.of(finishReason);
    if (ending.fails()) {
      sendFailure(
          new AnthropicException(
              ending == FinishReason.OVERLOADED ? ErrorType.OVERLOADED : ErrorType.API,
              "The upstream ended its answer with finish reason \"" + finishReason + "\"."));
      return;
    }
    if (ending == FinishReason.UNKNOWN) {
      losses.add(AnswerLoss.FINISH_REASON);
    }
    try {
      endContent(ending);
    } catch (MalformedStreamException e) {
      sendFailure(new AnthropicException(ErrorType.API, e.getMessage()));
      return;
    }
    if (closeBlocks(ending)) {
      sendEnd(ending);
    }
  }

  /**
   * Overloaded, although nobody is: Claude Code takes that as a reason to wait and stream again,
   * and any other streamed error as a reason to repeat the request at once without streaming, with
   * other limits.
   */
  private AnthropicException brokenOff() {
    return new AnthropicException(
        ErrorType.OVERLOADED,
        queue.blocks() == 0
            ? "The upstream ended the stream before it had answered."
            : "The upstream's answer broke off before its end.");
  }

  private void endContent(FinishReason ending) {
    boolean neverClosed = settings.thinkingOpen() && tags.isOpen();
    tags.end();
    String held = echo.end();
    if (!held.isEmpty()) {
      text(held);
    }
    if (echo.isTakenOff()) {
      losses.add(AnswerLoss.PREFILL_ECHO);
    }
    calls.end();
    if (!answered && !ending.cutsOff()) {
      onlyAnswer(neverClosed);
    }
    queue.flush();
  }

  /**
   * Where the model ended of itself and said nothing but reasoning that the client doesn't see,
   * that was the answer: vLLM takes one for the other when thinking is switched off, and an answer
   * that never closes the tag its template is said to open was none of reasoning. And white space
   * is better than nothing.
   */
  private void onlyAnswer(boolean neverClosed) {
    boolean hidden = !settings.thinking() || (neverClosed && settings.thinkingOmitted());
    String answer = hidden ? reasoning.whole() : "";
    if (answer.isBlank() && queue.first() == null) {
      answer = blankText.toString();
    }
    if (!answer.isEmpty()) {
      TextSegment segment = new TextSegment();
      queue.add(segment);
      segment.add(answer, queue);
    }
  }

  /**
   * Ends all blocks. A call that isn't whole is never made whole: after a natural end it is a
   * failure, and where the answer was cut off it goes out as far as it came, as Anthropic does it,
   * or not at all if it had not begun to.
   *
   * @return whether the message can end
   */
  private boolean closeBlocks(FinishReason ending) {
    for (Segment first = queue.first(); first != null; first = queue.first()) {
      if (first instanceof CallSegment segment) {
        ToolCall call = segment.call();
        if (call.isRepaired()) {
          losses.add(AnswerLoss.TOOL_ARGUMENTS_REPAIRED);
        }
        boolean whole = call.isCallable() && (call.isComplete() || !ending.cutsOff());
        if (!whole && !ending.cutsOff()) {
          sendFailure(notCallable(call));
          return false;
        }
        if (!whole && !segment.isStarted()) {
          losses.add(AnswerLoss.TOOL_CALL_UNFINISHED);
          queue.dropFirst();
          continue;
        }
      }
      queue.closeFirst();
    }
    return true;
  }

  private AnthropicException notCallable(ToolCall call) {
    return new AnthropicException(
        ErrorType.API,
        call.name == null
            ? "The upstream called a tool without naming it."
            : "The upstream called the tool "
                + settings.clientToolName(call.name)
                + " with arguments that are no JSON object.");
  }

  private void sendEnd(FinishReason ending) {
    stopReason =
        switch (ending) {
          case MAX_TOKENS -> "max_tokens";
          case CONTEXT_WINDOW -> "model_context_window_exceeded";
          case REFUSAL -> "refusal";
          default -> naturalStopReason();
        };
    boolean sequence = stopReason.equals("stop_sequence");
    sink.accept(new Event.MessageDelta(stopReason, sequence ? stopSequence : null, usage()));
    sink.accept(new Event.MessageStop());
    ended = true;
  }

  /** A call says more than the finish reason: many upstreams say "stop" with one. */
  private String naturalStopReason() {
    if (!toolUseIds.isEmpty()) {
      return "tool_use";
    }
    if (stopSequence != null) {
      return "stop_sequence";
    }
    return refused ? "refusal" : "end_turn";
  }

  /**
   * The answer can't go on: the upstream failed, fell silent, or the connection broke. After the
   * finish reason that is no failure any more: nothing but usage can be missing.
   */
  public void fail(AnthropicException cause) {
    if (ended) {
      return;
    }
    begin();
    if (finishReason != null && !FinishReason.of(finishReason).fails()) {
      losses.add(AnswerLoss.LATE_FAILURE);
      end();
    } else {
      sendFailure(cause);
    }
  }

  /**
   * Text that has gone out is ended, so that Claude Code keeps it and goes on from there. A call is
   * not: it would be run. Nor is thinking, after which nothing has been said.
   */
  private void sendFailure(AnthropicException cause) {
    if (queue.first() instanceof TextSegment text && text.isStarted()) {
      queue.closeFirst();
    }
    failure = cause;
    sink.accept(Event.Failure.of(cause));
    ended = true;
  }

  private Usage usage() {
    boolean input = inputCounted();
    boolean output = outputCounted();
    return UsageMapping.map(
        usage, input ? -1 : settings.inputTokens(), output ? -1 : tally.total());
  }

  private boolean inputCounted() {
    return usage != null
        && UsageMapping.believablePrompt(usage, settings.inputTokens(), settings.contextWindow());
  }

  private boolean outputCounted() {
    return usage != null
        && UsageMapping.believableCompletion(usage, settings.contextWindow(), queue.blocks() > 0);
  }

  /** Whether a block has begun to go out: then the call can't be made again elsewhere. */
  public boolean hasContent() {
    return queue.blocks() > 0;
  }

  /**
   * Whether the finish reason has come: what is still to come is usage and the end of the stream.
   */
  public boolean isFinished() {
    return finishReason != null;
  }

  /** Whether the last event has gone out. */
  public boolean isEnded() {
    return ended;
  }

  /** What became of the answer; to be asked once it has ended. */
  public AnswerOutcome outcome() {
    if (outcome == null) {
      outcome = newOutcome();
    }
    return outcome;
  }

  private AnswerOutcome newOutcome() {
    boolean input = inputCounted();
    boolean output = outputCounted();
    if (usage != null && !(input && output)) {
      losses.add(AnswerLoss.USAGE);
    }
    if (carrier.hasDetails()) {
      losses.add(AnswerLoss.REASONING_DETAILS);
    }
    return new AnswerOutcome(
        stopReason,
        finishReason,
        usage(),
        input,
        output,
        failure,
        losses.kinds(),
        reasoning.kept(),
        carrier.details(),
        List.copyOf(toolUseIds),
        carrier.thoughtSignatures(),
        strayThinkEnd);
  }

  /** What the tags divide the content into. */
  private final class Divided implements ThinkTags.Sink {
    @Override
    public void text(String text) {
      String rest = echo.accept(text);
      if (!rest.isEmpty()) {
        StreamTranslator.this.text(rest);
      }
    }

    @Override
    public void taggedReasoning(String text) {
      if (reasoning.isInField()) {
        queue.keep(text.length());
        reasoning.tagged(text);
      } else {
        StreamTranslator.this.reasoning(text);
      }
    }

    @Override
    public void endOfTagged() {
      String text = reasoning.endOfTagged();
      if (text == null) {
        losses.add(AnswerLoss.THINKING_REPEATED);
      } else if (!text.isEmpty()) {
        StreamTranslator.this.reasoning(text);
      }
    }

    @Override
    public void strayEnd() {
      losses.add(AnswerLoss.THINK_TAG);
      strayThinkEnd = true;
      textEnded = true;
    }
  }
}
