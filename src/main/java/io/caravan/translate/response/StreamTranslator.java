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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Translates the chunks of an OpenAI-compatible stream into the events of an Anthropic message. One
 * instance translates one stream, on one thread at a time.
 *
 * <p>Whatever the upstream does, the result is a valid event sequence: message_start first, blocks
 * one after the other, then message_delta and message_stop, or an error; and nothing after that.
 *
 * <p>The end of the message waits for {@link Chunk#DONE} or {@link #end}, since usage comes after
 * the finish reason, and some upstreams send the finish reason twice (OpenRouter). A stream without
 * a finish reason has broken off, even if {@code [DONE]} came (router-for-me/CLIProxyAPI#4884).
 */
public final class StreamTranslator {
  private static final String WINDOW_EXCEEDED = "model_context_window_exceeded";

  private final StreamSettings settings;
  private final Function<UpstreamError, AnthropicException> failures;
  private final Consumer<Event> sink;

  private final AnswerLosses losses = new AnswerLosses();
  private final BlockQueue queue;
  private final ReasoningCarrier carrier;
  private final ThinkTags tags;
  private final PrefillEcho echo;

  /** Null if the request has no stop sequences. */
  private final StopSequences stops;

  /** The same for text that is only looked at; null as well. */
  private final StopSequences stopsAhead;

  private final ToolCallAssembler calls;
  private final ReasoningText reasoning = new ReasoningText();
  private final OutputTally tally;
  private final Map<String, String> toolUses = new LinkedHashMap<>();

  /** White space that may turn out to be followed by text in the same block. */
  private final StringBuilder blankText = new StringBuilder();

  private final StringBuilder blankReasoning = new StringBuilder();

  private boolean begun;
  private boolean ended;
  private boolean callSeen;
  private boolean contentSeen;
  private boolean textEnded;
  private boolean refused;
  private boolean strayThinkEnd;
  private boolean repeatable;
  private String finishReason;
  private String stopSequence;
  private UpstreamUsage usage;
  private String stopReason;
  private AnthropicException failure;
  private AnswerOutcome outcome;

  /**
   * @param failures translates a failure of the upstream into the client's words
   * @param sink receives the events
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
    this.tags = new ThinkTags(settings.thinkingOpen(), settings.thinkTags(), new TagSink());
    this.echo = new PrefillEcho(settings.prefill());
    this.stops = StopSequences.of(settings.stopSequences());
    this.stopsAhead = StopSequences.of(settings.stopSequences());
    this.calls =
        new ToolCallAssembler(
            settings::declares,
            this::begin,
            losses,
            settings.malformedCall() != MalformedCall.PASS_ON);
    this.tally = new OutputTally(settings.outputTokens());
  }

  /** Sends message_start, if it has not gone out. The first chunk has the same effect. */
  private void begin() {
    if (!begun) {
      begun = true;
      sink.accept(
          new Event.MessageStart(
              settings.messageId(),
              settings.model(),
              new Usage(settings.inputTokens(), 0, 0, 0, 0)));
    }
  }

  /** Takes in a chunk. */
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
      if (stopFound() && !callSeen) {
        stop();
        return;
      }
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
    // The last usage counts, unless it was never filled in.
    if (chunk.usage() != null && (usage == null || !isEmpty(chunk.usage()))) {
      usage = chunk.usage();
    }
  }

  private static boolean isEmpty(UpstreamUsage usage) {
    return usage.promptTokens() <= 0 && usage.completionTokens() <= 0;
  }

  /**
   * Adds a chunk's content as thinking, text and calls: the order in which a model writes what a
   * server puts into one chunk.
   */
  private void content(Chunk chunk) {
    if (chunk.reasoningDetails() != null) {
      carrier.addDetails(chunk.reasoningDetails());
    }
    if (!chunk.reasoning().isEmpty()) {
      interruptText();
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
      interruptText();
      text(chunk.refusal());
    }
    if (stopFound() && !callSeen) {
      return;
    }
    for (ToolCallDelta delta : chunk.toolCalls()) {
      tally.add(delta.name() == null ? delta.arguments() : delta.name() + delta.arguments());
      queue.keep(calls.accept(delta));
    }
  }

  /** Notes that something other than text came: what has waited of the text goes before it. */
  private void interruptText() {
    tags.interrupt();
    endStops();
  }

  private void endStops() {
    String rest = stops == null ? "" : stops.end();
    if (!rest.isEmpty()) {
      text(rest);
    }
  }

  private boolean stopFound() {
    return stops != null && stops.found() != null;
  }

  /**
   * Ends the message at a stop sequence that the upstream has left in the text. It sends no usage
   * before its own end, so that the tokens are estimated.
   */
  private void stop() {
    finishReason = "stop";
    stopSequence = stops.found();
    end();
  }

  /** Adds text up to a stop sequence. */
  private void textUntilStop(String text) {
    String rest = stops == null ? text : stops.accept(text);
    if (!rest.isEmpty()) {
      text(rest);
    }
  }

  /** Adds text without tags, without a repeated prefill, and without a stop sequence. */
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
    Segment.release(blankText, blankText.length());
    textEnded = false;
    contentSeen = true;
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
    Segment.release(blankReasoning, blankReasoning.length());
  }

  private void begin(GrowingCall call) {
    interruptText();
    if (callSeen && !settings.parallelCalls()) {
      losses.add(AnswerLoss.TOOL_CALL_EXTRA);
      return;
    }
    callSeen = true;
    contentSeen = true;
    dropBlankText();
    blankReasoning.setLength(0);
    queue.add(new CallSegment(call, settings, carrier, toolUses));
  }

  /**
   * Drops white space that would be a block of its own: the client would send it back, and
   * Anthropic's own API refuses it ("text content blocks must contain non-whitespace text").
   */
  private void dropBlankText() {
    if (blankText.length() > 0) {
      losses.add(AnswerLoss.WHITE_SPACE);
      blankText.setLength(0);
    }
  }

  /** Ends the stream: the connection ended, or {@code [DONE]} came. */
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
              "The upstream ended its completion with finish reason \"" + finishReason + "\"."));
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
    if (stopFound() && !callSeen) {
      ending = FinishReason.NATURAL;
    }
    if (closeBlocks(ending)) {
      sendEnd(ending);
    }
  }

  /**
   * Returns the failure of a stream that broke off. It is overloaded, although no server is: Claude
   * Code then waits and streams again, while after any other streamed error it repeats the request
   * at once without streaming, with other limits.
   */
  private AnthropicException brokenOff() {
    return new AnthropicException(
        ErrorType.OVERLOADED,
        queue.blocks() == 0
            ? "The upstream ended the stream before any content."
            : "The upstream's stream broke off before its end.");
  }

  private void endContent(FinishReason ending) {
    boolean neverClosed = settings.thinkingOpen() && tags.isOpen();
    tags.end();
    String held = echo.end();
    if (!held.isEmpty()) {
      textUntilStop(held);
    }
    endStops();
    if (stopFound()) {
      stopSequence = stops.found();
    }
    if (echo.isTakenOff()) {
      losses.add(AnswerLoss.PREFILL_ECHO);
    }
    calls.end();
    if (!contentSeen && !ending.cutsOff() && !stopFound()) {
      reasoningAsText(neverClosed);
    }
    queue.flush();
  }

  /**
   * Adds reasoning as text if the model ended by itself and wrote nothing but reasoning that the
   * client doesn't see. vLLM takes text for reasoning if thinking is switched off, and a completion
   * that never closes the tag its template should have opened was no reasoning. White space is used
   * if there is nothing else.
   */
  private void reasoningAsText(boolean neverClosed) {
    boolean hidden = !settings.thinking() || (neverClosed && settings.thinkingOmitted());
    String answer = hidden ? reasoning.whole() : "";
    if (answer.isBlank() && queue.first() == null) {
      answer = blankText.toString();
    }
    answer = stops == null ? answer : stops.cut(answer);
    if (stopFound()) {
      stopSequence = stops.found();
    }
    if (!answer.isEmpty()) {
      TextSegment segment = new TextSegment();
      queue.add(segment);
      segment.add(answer, queue);
    }
  }

  /**
   * Ends all blocks. An incomplete call is never completed. After a natural end it is a failure. If
   * the completion was cut off, the call goes out as far as it came, as in Anthropic's API, or not
   * at all if it had not begun to.
   *
   * @return whether the message can end
   */
  private boolean closeBlocks(FinishReason ending) {
    for (Segment first = queue.first(); first != null; first = queue.first()) {
      if (first instanceof CallSegment segment) {
        GrowingCall call = segment.call();
        if (call.isRepaired()) {
          losses.add(AnswerLoss.TOOL_ARGUMENTS_REPAIRED);
        }
        boolean whole = call.isCallable() && (call.isComplete() || !ending.cutsOff());
        if (!whole && !ending.cutsOff()) {
          if (!settle(segment)) {
            return false;
          }
          whole = true;
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

  /**
   * Settles a call that can't be called as it is, after a natural end: its arguments go out as they
   * came, or are repaired, or the message fails.
   *
   * @return whether the call can go out
   */
  private boolean settle(CallSegment segment) {
    GrowingCall call = segment.call();
    if (call.name != null && settings.malformedCall() == MalformedCall.PASS_ON) {
      losses.add(AnswerLoss.TOOL_ARGUMENTS_MALFORMED);
      call.passOn();
      return true;
    }
    if (call.name != null && segment.repair()) {
      losses.add(AnswerLoss.TOOL_ARGUMENTS_REPAIRED);
      return true;
    }
    if (repeats()) {
      failure = notCallable(call);
      repeatable = true;
      ended = true;
    } else {
      sendFailure(notCallable(call));
    }
    return false;
  }

  private boolean repeats() {
    MalformedCall how = settings.malformedCall();
    return how == MalformedCall.REPEAT
        || (how == MalformedCall.REPEAT_UNSENT && queue.blocks() == 0);
  }

  /**
   * Returns whether the completion has ended in a call that can't be called, and the message should
   * be requested once more. The client has been told nothing of the failure.
   */
  public boolean isRepeatable() {
    return repeatable;
  }

  /** Continues a message of which only the beginning has gone out, and no block. */
  public void resume() {
    begun = true;
  }

  private AnthropicException notCallable(GrowingCall call) {
    return new AnthropicException(
        ErrorType.API,
        call.name == null
            ? "The upstream called a tool without naming it."
            : "The upstream called the tool "
                + settings.clientToolName(call.name)
                + " with arguments that are not a JSON object.");
  }

  private void sendEnd(FinishReason ending) {
    stopReason =
        switch (ending) {
          case MAX_TOKENS -> windowIsFull() ? WINDOW_EXCEEDED : "max_tokens";
          case CONTEXT_WINDOW -> WINDOW_EXCEEDED;
          case REFUSAL -> "refusal";
          default -> naturalStopReason();
        };
    boolean sequence = stopReason.equals("stop_sequence");
    sink.accept(new Event.MessageDelta(stopReason, sequence ? stopSequence : null, usage()));
    sink.accept(new Event.MessageStop());
    ended = true;
  }

  /**
   * Returns whether the model's window ended a completion that servers report as too long: prompt
   * and completion fill it, and the client would have allowed more. llama.cpp stops one token
   * before.
   */
  private boolean windowIsFull() {
    if (settings.contextWindow() <= 0 || !inputCounted() || !outputCounted()) {
      return false;
    }
    Usage used = usage();
    long total =
        used.inputTokens()
            + used.cacheReadInputTokens()
            + used.cacheCreationInputTokens()
            + used.outputTokens();
    boolean allowedMore = settings.maxTokens() <= 0 || used.outputTokens() < settings.maxTokens();
    return allowedMore && total >= settings.contextWindow() - 1;
  }

  /**
   * Returns the stop reason of a natural end. A call counts more than the finish reason: many
   * upstreams send "stop" with one.
   */
  private String naturalStopReason() {
    if (!toolUses.isEmpty()) {
      return "tool_use";
    }
    if (stopSequence != null) {
      return "stop_sequence";
    }
    return refused ? "refusal" : "end_turn";
  }

  /**
   * Ends the message with a failure: the upstream failed, became silent, or the connection broke.
   * After the finish reason it is no failure any more, since only usage can be missing.
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
   * Sends a failure. Text that has gone out is ended, so that Claude Code keeps it and continues
   * from there. A call isn't ended, since it would be run. Nor is thinking that no text has
   * followed.
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

  /**
   * Returns whether the finish reason has come. After it come only usage and the end of the stream.
   */
  public boolean isFinished() {
    return finishReason != null;
  }

  /** Returns whether the upstream has reported its usage. */
  public boolean isCounted() {
    return usage != null && !isEmpty(usage);
  }

  /**
   * Looks at content that is read ahead, and returns whether a stop sequence has come, so that
   * nothing more need be waited for.
   */
  public boolean stopsAhead(String content) {
    if (stopsAhead == null) {
      return false;
    }
    stopsAhead.accept(content);
    return stopsAhead.found() != null;
  }

  /**
   * Returns whether the message has ended at a stop sequence, and needs no more of the upstream.
   */
  public boolean isStopped() {
    return ended && failure == null && stopFound();
  }

  /** Returns whether the last event has gone out. */
  public boolean isEnded() {
    return ended;
  }

  /** Returns the outcome of the completion, once it has ended. */
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
        Collections.unmodifiableMap(new LinkedHashMap<>(toolUses)),
        carrier.thoughtSignatures(),
        strayThinkEnd);
  }

  /** Receives the parts into which tags divide the content. */
  private final class TagSink implements ThinkTags.Sink {
    @Override
    public void text(String text) {
      String rest = echo.accept(text);
      if (!rest.isEmpty()) {
        textUntilStop(rest);
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
