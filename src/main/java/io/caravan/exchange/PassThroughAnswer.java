package io.caravan.exchange;

import com.fasterxml.jackson.core.io.JsonEOFException;
import io.caravan.anthropic.PassThroughEvent;
import io.caravan.anthropic.PassThroughMessage;
import io.caravan.anthropic.Usage;
import io.caravan.json.RawJson;
import io.caravan.openai.ErrorBodies;
import io.caravan.openai.MalformedStreamException;
import io.caravan.openai.SsePayloads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Passes through the stream of an upstream that speaks the Messages API itself. */
public final class PassThroughAnswer implements Answer {
  private long inputTokens = -1;
  private long outputTokens = -1;
  private long cacheRead = -1;
  private long cacheCreation = -1;
  private boolean complete;
  private boolean finished;
  private boolean endInspected;
  private byte[] message;
  private final List<String> tools = new ArrayList<>();
  private final List<RawJson> held = new ArrayList<>(2);
  private PassThroughMessage gathered;

  /**
   * Reads one payload as an event. The result points into the payloads' buffer.
   *
   * @throws MalformedStreamException if the payload is no JSON
   */
  public static PassThroughEvent event(SsePayloads part, int index) {
    try {
      return PassThroughEvent.read(part.buffer(), part.offset(index), part.length(index));
    } catch (JsonEOFException e) {
      throw MalformedStreamException.cutOff("the upstream sent an event that breaks off");
    } catch (IOException e) {
      throw new MalformedStreamException("the upstream sent an event that is no JSON");
    }
  }

  @Override
  public Opening inspect(SsePayloads part, int index) {
    PassThroughEvent event = event(part, index);
    if (event.isError()) {
      return Opening.failed(ErrorBodies.parse(event.json().toString()));
    }
    endInspected |= event.isMessage() || "message_stop".equals(event.type());
    return event.decides() ? Opening.CONTENT : Opening.NOTHING;
  }

  @Override
  public boolean endInspected() {
    return endInspected;
  }

  /** Records that the stop reason has come; only the last event is missing. */
  public void finished() {
    finished = true;
  }

  /** Returns whether the stop reason has come. */
  public boolean isFinished() {
    return finished;
  }

  /**
   * Adds the usage of an event: a later count replaces an earlier one.
   *
   * @param more the usage, in which unknown counts are -1; or null
   */
  public void used(Usage more) {
    if (more != null) {
      inputTokens = later(inputTokens, more.inputTokens());
      outputTokens = later(outputTokens, more.outputTokens());
      cacheRead = later(cacheRead, more.cacheReadInputTokens());
      cacheCreation = later(cacheCreation, more.cacheCreationInputTokens());
    }
  }

  private static long later(long before, long after) {
    return after < 0 ? before : after;
  }

  /** Adds the tools that an event calls. */
  public void called(List<String> more) {
    tools.addAll(more);
  }

  @Override
  public TranslationReport report(TranslationReport request) {
    return request.ofAnswer(Set.of(), Map.of(), 0, tools);
  }

  /** Returns the message that the events are gathered into beside passing through, or null. */
  public PassThroughMessage gathered() {
    return gathered;
  }

  /** Sets the message that the events are gathered into. */
  public void gather(PassThroughMessage into) {
    gathered = into;
  }

  /** Keeps an event that has to wait for the verdicts on the message's tool calls. */
  public void hold(PassThroughEvent event) {
    // The payload's buffer is used again.
    held.add(RawJson.of(event.json().toString()));
  }

  /** Returns the events that wait for the verdicts, as JSON, in their order. */
  public List<RawJson> held() {
    return held;
  }

  /** Records that the last event has come. */
  public void completed() {
    complete = true;
  }

  /** Records the whole message as JSON, for a call that does not stream. */
  public void completed(byte[] whole) {
    message = whole;
    complete = true;
  }

  /** Returns whether the message is complete. */
  public boolean isComplete() {
    return complete;
  }

  /** Returns the whole message as JSON, or null if it was streamed. */
  public byte[] message() {
    return message;
  }

  @Override
  public boolean inputCounted() {
    return inputTokens >= 0;
  }

  @Override
  public boolean outputCounted() {
    return outputTokens >= 0;
  }

  @Override
  public Usage usage() {
    boolean reported = inputCounted() || outputCounted() || cacheRead >= 0 || cacheCreation >= 0;
    return reported
        ? new Usage(
            Math.max(0, inputTokens),
            Math.max(0, outputTokens),
            Math.max(0, cacheRead),
            Math.max(0, cacheCreation),
            0)
        : null;
  }
}
