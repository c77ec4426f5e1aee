package io.caravan.doctor;

import io.caravan.anthropic.PassThroughEvent;
import io.caravan.http.ClientResponse;
import io.caravan.openai.SseFrames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A response without a client that passes on each event of its stream and counts the writes. */
public final class CountedResponse implements ClientResponse {
  private final Consumer<PassThroughEvent> events;
  private final SseFrames frames = new SseFrames(this::event);
  private final List<Runnable> closeActions = new ArrayList<>();
  private int writes;
  private int status;
  private boolean closed;

  /** Makes a response that passes on its events. */
  public CountedResponse(Consumer<PassThroughEvent> events) {
    this.events = events;
  }

  private void event(byte[] buffer, int offset, int length, boolean named) {
    try {
      events.accept(PassThroughEvent.read(buffer, offset, length));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the number of pieces before the last events. */
  int writes() {
    return writes;
  }

  @Override
  public void head(int sent, Map<String, String> headers) {
    status = sent;
  }

  @Override
  public boolean started() {
    return status != 0;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    writes++;
    frames.feed(bytes, offset, length);
  }

  @Override
  public boolean offer(Supplier<Map<String, String>> headers, byte[] bytes) {
    return false;
  }

  @Override
  public boolean claim() {
    return !started();
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public long lastWriteAt() {
    return System.nanoTime();
  }

  @Override
  public void requestSent() {
    // Its body is not counted.
  }

  @Override
  public void leave() {
    // Nobody else writes to it.
  }

  @Override
  public void end() {
    closed = true;
    closeActions.forEach(Runnable::run);
  }

  @Override
  public void end(byte[] bytes, int offset, int length) {
    frames.feed(bytes, offset, length);
    end();
  }

  @Override
  public boolean closed() {
    return closed;
  }

  @Override
  public boolean abandoned() {
    return false;
  }

  @Override
  public void onClose(Runnable action) {
    closeActions.add(action);
  }
}
