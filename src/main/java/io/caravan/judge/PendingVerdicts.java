package io.caravan.judge;

import io.caravan.anthropic.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The verdicts on the tool calls of one message. Each call goes to the judge as soon as its block
 * is whole, and the message's last events wait here until the verdicts are there. A message without
 * tool calls passes as it is. It is used by one thread at a time; {@link #cancel} by any.
 */
public final class PendingVerdicts {
  private final Judge judge;
  private final Duration timeout;
  private final boolean asked;
  private final Map<String, CompletableFuture<Verdict>> verdicts = new LinkedHashMap<>();
  private final List<CompletableFuture<Void>> placed = new ArrayList<>();
  private final List<ToolCall> calls = new ArrayList<>();
  private final List<Event> held = new ArrayList<>();
  private Event.ToolUseStart open;
  private StringBuilder input = new StringBuilder();
  private long firstAt;

  /**
   * Makes the verdicts of one message.
   *
   * @param judge the judge, or null if there is none
   * @param timeout the longest wait for verdicts once the message is over
   */
  public PendingVerdicts(Judge judge, Duration timeout) {
    this(judge, timeout, true);
  }

  private PendingVerdicts(Judge judge, Duration timeout, boolean asked) {
    this.judge = judge;
    this.timeout = timeout;
    this.asked = asked;
  }

  /** Returns those of a message whose client asks for no verdicts. */
  public static PendingVerdicts none() {
    return new PendingVerdicts(null, Duration.ZERO, false);
  }

  /** Takes events of the message, and returns those that may go out now. */
  public List<Event> accept(List<Event> events) {
    for (int i = 0; asked && i < events.size(); i++) {
      Event event = events.get(i);
      if (event instanceof Event.ToolUseStart start) {
        open = start;
        input = new StringBuilder();
      } else if (event instanceof Event.InputJsonDelta delta && open != null) {
        input.append(delta.partialJson());
      } else if (event instanceof Event.BlockStop && open != null) {
        judge(new ToolCall(open.id(), open.name(), input.toString()));
        open = null;
      } else if (event instanceof Event.MessageDelta end && !verdicts.isEmpty()) {
        cutOff(end);
        held.addAll(events.subList(i, events.size()));
        return List.copyOf(events.subList(0, i));
      }
    }
    return events;
  }

  /** Sends a call to the judge. */
  public void judge(ToolCall call) {
    if (firstAt == 0) {
      firstAt = System.nanoTime();
    }
    Judge.Judgement judgement =
        judge == null || !call.isParsed()
            ? Judge.Judgement.of(Verdict.unavailable(Verdict.INPUT_UNPARSED))
            : judge.judge(call, List.copyOf(calls));
    CompletableFuture<Verdict> verdict = judgement.verdict();
    placed.add(judgement.placed());
    calls.add(call);
    CompletableFuture<Verdict> same = verdicts.put(call.id(), verdict);
    if (same != null) {
      // Two calls with one id would share a verdict.
      same.cancel(true);
      verdict.cancel(true);
      verdicts.put(
          call.id(), CompletableFuture.completedFuture(Verdict.unavailable(Verdict.ERROR)));
    }
  }

  /** A call that max_tokens has cut off is not one that could not be parsed. */
  private void cutOff(Event.MessageDelta end) {
    ToolCall last = calls.get(calls.size() - 1);
    if ("max_tokens".equals(end.stopReason()) && !last.isParsed()) {
      verdicts.put(
          last.id(), CompletableFuture.completedFuture(Verdict.unavailable(Verdict.TRUNCATED)));
    }
  }

  /** Returns whether a tool call of the message has begun. */
  public boolean hasSeenCall() {
    return open != null || !verdicts.isEmpty();
  }

  /** Returns the judge's name; null if there is none. */
  public String judgeName() {
    return judge == null ? null : judge.name();
  }

  /** Takes the last events of a message that has no others, to wait for the verdicts. */
  public void hold(List<Event> ending) {
    held.addAll(ending);
  }

  /** Returns whether the message's last events wait here. */
  public boolean isHolding() {
    return !held.isEmpty();
  }

  /**
   * Runs an action once every call of the judge is in its queue. The permit of the message that
   * waits is given back then: earlier, a new turn would take it.
   */
  public void whenPlaced(Runnable action) {
    var unused =
        CompletableFuture.allOf(placed.toArray(CompletableFuture[]::new))
            .whenComplete((done, failure) -> action.run());
  }

  /** Ends the judge's calls, since nobody waits for their verdicts. */
  public void cancel() {
    List.copyOf(verdicts.values()).forEach(verdict -> verdict.cancel(true));
  }

  /**
   * Waits for the verdicts; those that are late become unavailable, and their calls are ended.
   *
   * @return the verdicts by the ids of their calls
   */
  public Map<String, Verdict> await() throws InterruptedException {
    long until = System.nanoTime() + timeout.toNanos();
    Map<String, Verdict> all = new LinkedHashMap<>();
    for (Map.Entry<String, CompletableFuture<Verdict>> each : verdicts.entrySet()) {
      all.put(each.getKey(), verdict(each.getValue(), until));
    }
    return all;
  }

  private static Verdict verdict(CompletableFuture<Verdict> pending, long until)
      throws InterruptedException {
    try {
      return pending.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      pending.cancel(true);
      return Verdict.unavailable(Verdict.TIMEOUT);
    } catch (CancellationException | ExecutionException e) {
      return Verdict.unavailable(Verdict.ERROR);
    }
  }

  /** Returns the time since the first call went to the judge. */
  public Duration elapsed() {
    return firstAt == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - firstAt);
  }

  /** Returns the verdicts in the client's form as JSON; null if it has not asked. */
  public String results(Map<String, Verdict> found) {
    if (!asked) {
      return null;
    }
    return judge == null ? Safeguards.unsupported() : Safeguards.results(found);
  }

  /** Returns the last events of the message, with the verdicts in them. */
  public List<Event> ending(Map<String, Verdict> found) {
    String results = results(found);
    List<Event> events = new ArrayList<>(held.size());
    for (Event event : held) {
      events.add(
          event instanceof Event.MessageDelta end
              ? new Event.MessageDelta(end.stopReason(), end.stopSequence(), end.usage(), results)
              : event);
    }
    held.clear();
    return events;
  }
}
