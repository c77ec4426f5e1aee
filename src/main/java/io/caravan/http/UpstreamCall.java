package io.caravan.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.ModalCloseable;

/**
 * One call to an upstream. It can be aborted from any thread at any time: while it connects, while
 * the upstream is silent, in the middle of the answer. Whoever opens it closes it.
 */
public final class UpstreamCall implements AutoCloseable, Deadlines.Watched {
  private final CloseableHttpClient client;
  private final HttpUriRequestBase request;
  private final Timeouts timeouts;
  private final Deadlines deadlines;
  private final AtomicReference<AbortReason> aborted = new AtomicReference<>();
  private final long startedAt = System.nanoTime();
  private volatile long lastByteAt;
  private volatile long lastPayloadAt;
  private volatile long endBy;
  private volatile boolean closed;
  private ClassicHttpResponse response;
  private InputStream content;
  private boolean atEnd;

  UpstreamCall(
      CloseableHttpClient client,
      HttpUriRequestBase request,
      Timeouts timeouts,
      Deadlines deadlines) {
    this.client = client;
    this.request = request;
    this.timeouts = timeouts;
    this.deadlines = deadlines;
  }

  /**
   * Sends the request and waits for the head of the answer.
   *
   * @return the HTTP status
   * @throws UpstreamIoException if there is no answer
   */
  public int open() {
    deadlines.add(this);
    try {
      response = executeOnce();
      lastByteAt = System.nanoTime();
      lastPayloadAt = lastByteAt;
      HttpEntity entity = response.getEntity();
      content = entity == null ? InputStream.nullInputStream() : entity.getContent();
      return response.getCode();
    } catch (IOException e) {
      close();
      throw new UpstreamIoException(aborted.get(), false, e);
    } catch (RuntimeException e) {
      close();
      if (aborted.get() != null) {
        throw new UpstreamIoException(aborted.get(), false, new IOException(e));
      }
      throw e;
    }
  }

  private ClassicHttpResponse executeOnce() throws IOException {
    try {
      return client.executeOpen(null, request, context());
    } catch (NoHttpResponseException e) {
      // A pooled connection that the upstream had closed meanwhile: nothing was answered, so
      // nothing is repeated.
      if (aborted.get() != null) {
        throw e;
      }
      return client.executeOpen(null, request, context());
    }
  }

  /** The HTTP status of the answer. */
  public int status() {
    return response.getCode();
  }

  private HttpContext context() {
    HttpContext context = HttpClientContext.create();
    AbortableConnections.unless(() -> aborted.get() != null, context);
    return context;
  }

  /** A header of the answer, or null. */
  public String header(String name) {
    Header header = response.getFirstHeader(name);
    return header == null ? null : header.getValue();
  }

  /**
   * Reads what has come, at least a byte.
   *
   * @return bytes read, -1 at the end of the answer
   * @throws UpstreamIoException if the answer was cut off or the call aborted
   */
  public int read(byte[] buffer, int offset) {
    int count = readMore(buffer, offset);
    lastByteAt = System.nanoTime();
    return count;
  }

  /**
   * Like {@link #read}, where {@link #available} has said that it came with what was read before.
   */
  public int readMore(byte[] buffer, int offset) {
    try {
      int count = content.read(buffer, offset, buffer.length - offset);
      atEnd = count < 0;
      return count;
    } catch (IOException e) {
      throw new UpstreamIoException(aborted.get(), true, e);
    }
  }

  /**
   * Reads an answer that is no stream, an error for example.
   *
   * @param limit bytes; what follows is left
   */
  public byte[] readUpTo(int limit) {
    try {
      return content.readNBytes(limit);
    } catch (IOException e) {
      throw new UpstreamIoException(aborted.get(), true, e);
    }
  }

  /** About how many bytes have come that were not read yet. */
  public int available() {
    try {
      return content.available();
    } catch (IOException e) {
      return 0;
    }
  }

  /** Says that what was read had a payload, not only a comment. */
  public void payloadArrived() {
    lastPayloadAt = lastByteAt;
  }

  /**
   * Whether one of this call's timers will end a silence: signs of life to the client are true only
   * then.
   */
  public boolean watched() {
    return !closed && aborted.get() == null;
  }

  /** Says that all of the answer is there; its end is awaited for no longer than this. */
  public void endWithin(Duration time) {
    endBy = System.nanoTime() + time.toNanos();
  }

  /** Why this side has broken the call off, or null. */
  public AbortReason abortReason() {
    return aborted.get();
  }

  /**
   * Breaks the call off; a blocked read ends at once. Safe from any thread, also when the call is
   * over.
   */
  public void abort(AbortReason reason) {
    if (!closed && aborted.compareAndSet(null, reason)) {
      request.cancel();
    }
  }

  @Override
  public void check(long now) {
    AbortReason late = late(now);
    if (late != null) {
      abort(late);
    }
  }

  private AbortReason late(long now) {
    if (now - startedAt > timeouts.total().toNanos()) {
      return AbortReason.TOTAL_TIMEOUT;
    }
    if (endBy != 0 && now - endBy > 0) {
      return AbortReason.NOT_NEEDED;
    }
    if (lastByteAt == 0) {
      return now - startedAt > timeouts.firstByte().toNanos()
          ? AbortReason.FIRST_BYTE_TIMEOUT
          : null;
    }
    boolean idle =
        now - lastByteAt > timeouts.byteIdle().toNanos()
            || now - lastPayloadAt > timeouts.payloadIdle().toNanos();
    return idle ? AbortReason.IDLE_TIMEOUT : null;
  }

  /**
   * Ends the call. A connection whose answer was read to its end goes back into the pool, another
   * is cut.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    deadlines.remove(this);
    if (response != null) {
      closeResponse();
    }
  }

  private void closeResponse() {
    // Closing gracefully would read a running answer to its end.
    if (response instanceof ModalCloseable modal && !(atEnd && aborted.get() == null)) {
      modal.close(CloseMode.IMMEDIATE);
      return;
    }
    try {
      response.close();
    } catch (IOException e) {
      // Nothing is lost: the answer is complete or nobody waits for the rest.
      request.cancel();
    }
  }
}
