package io.caravan.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The script of a {@link ScriptedUpstream} for one request: a head, then steps one after the other.
 * A script without a step that ends the response ends its body properly and keeps the connection.
 *
 * <p>Immutable: each method returns a new script.
 */
public final class Script {
  /** One action of the upstream. */
  @FunctionalInterface
  public interface Step {
    void run(ScriptedAnswer answer) throws IOException, InterruptedException;
  }

  private static final Script NOTHING = new Script(null, null);

  /** The script before this step, as a chain: thousands of steps are not copied. */
  private final Script before;

  private final Step step;

  private Script(Script before, Step step) {
    this.before = before;
    this.step = step;
  }

  /** Returns an SSE stream: status 200, chunked; each part is one chunk and one TCP write. */
  public static Script stream(String... parts) {
    Script script = status(200, "Content-Type: text/event-stream; charset=utf-8").chunked();
    for (String part : parts) {
      script = script.write(part);
    }
    return script;
  }

  /** Returns an SSE stream of a text by words, with finish reason, usage and {@code [DONE]}. */
  public static Script says(String text) {
    Script script = stream(Chunks.role());
    for (String word : text.split("(?<= )", -1)) {
      script = script.write(Chunks.text(word));
    }
    return script.write(Chunks.finish("stop") + Chunks.usage(10, 5) + Chunks.DONE);
  }

  /** Returns a whole JSON response with its length. */
  public static Script json(int status, String body, String... headers) {
    return whole(status, "application/json", body, headers);
  }

  /** Returns a whole response of any content type with its length. */
  public static Script whole(int status, String contentType, String body, String... headers) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    Script script = status(status, headers);
    return script
        .then(answer -> answer.header("Content-Type: " + contentType))
        .then(answer -> answer.header("Content-Length: " + bytes.length))
        .writeRaw(bytes);
  }

  /** Returns a status line and headers; the next step decides the framing of the body. */
  public static Script status(int status, String... headers) {
    return NOTHING.then(
        answer -> {
          answer.status(status);
          for (String header : headers) {
            answer.header(header);
          }
        });
  }

  /** Returns an empty script without a head: only the bytes written are sent. */
  public static Script raw() {
    return NOTHING.then(answer -> answer.headless());
  }

  /** Returns bytes in place of an HTTP response. */
  public static Script garbage(byte[] bytes) {
    return raw().writeRaw(bytes).close();
  }

  /** Sends no response: the connection stays open until the client leaves. */
  public static Script silence() {
    return raw().stall();
  }

  /** Delays a response, including its head. */
  public static Script after(Duration time, Script answer) {
    return NOTHING.pause(time).followedBy(answer);
  }

  /** Delays a response, including its head, until the test completes the gate. */
  public static Script after(CompletableFuture<?> gate, Script answer) {
    return NOTHING.await(gate).followedBy(answer);
  }

  /** Makes the body chunked from here. */
  public Script chunked() {
    return then(ScriptedAnswer::chunked);
  }

  /** Makes the body end with the connection. */
  public Script untilClosed() {
    return then(ScriptedAnswer::untilClosed);
  }

  /** Writes and flushes; one chunk if the body is chunked. */
  public Script write(String part) {
    return write(part.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes and flushes; one chunk if the body is chunked. */
  public Script write(byte[] part) {
    return then(answer -> answer.write(part));
  }

  /** Writes without the framing, for a broken chunk size or a truncated chunk. */
  public Script writeRaw(byte[] bytes) {
    return then(answer -> answer.writeRaw(bytes));
  }

  /** Writes in pieces of the given size, each a separate TCP write, with a pause after each. */
  public Script drip(byte[] bytes, int size, Duration pause) {
    Script script = this;
    for (int at = 0; at < bytes.length; at += size) {
      byte[] piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size));
      script = script.write(piece).pause(pause);
    }
    return script;
  }

  /** Writes the same part repeatedly until the client leaves. */
  public Script endlessly(String part, Duration pause) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    return then(
        answer -> {
          while (true) {
            answer.write(bytes);
            answer.pause(pause);
          }
        });
  }

  /** Waits; ends at once when the client leaves. */
  public Script pause(Duration time) {
    return then(answer -> answer.pause(time));
  }

  /** Waits until the test completes the gate; ends at once when the client leaves. */
  public Script await(CompletableFuture<?> gate) {
    return then(answer -> answer.await(gate));
  }

  /** Signals to the test that all earlier steps have been done. */
  public Script signal(CompletableFuture<Long> reached) {
    return then(answer -> reached.complete(System.nanoTime()));
  }

  /** Sends nothing more, and keeps the connection open until the client leaves. */
  public Script stall() {
    return then(answer -> answer.await(new CompletableFuture<>()));
  }

  /** Ends the connection at once with a TCP reset; bytes not yet read by the client may be lost. */
  public Script reset() {
    return then(ScriptedAnswer::reset);
  }

  /** Closes the connection without ending the body. */
  public Script close() {
    return then(ScriptedAnswer::close);
  }

  /** Closes the sending half without ending the body, and continues to read. */
  public Script halfClose() {
    return then(ScriptedAnswer::halfClose);
  }

  /** Adds any other step. */
  public Script then(Step next) {
    return new Script(this, next);
  }

  private Script followedBy(Script other) {
    Script longer = this;
    for (Step next : other.steps()) {
      longer = longer.then(next);
    }
    return longer;
  }

  List<Step> steps() {
    Deque<Step> steps = new ArrayDeque<>();
    for (Script script = this; script.before != null; script = script.before) {
      steps.addFirst(script.step);
    }
    return List.copyOf(steps);
  }
}
