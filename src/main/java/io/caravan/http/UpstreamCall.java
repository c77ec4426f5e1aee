package io.caravan.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpEntityContainer;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.io.ModalCloseable;

/**
 * One call to an upstream. It can be aborted from any thread at any time: while it connects, while
 * the upstream is silent, in the middle of the response. The code that opens it closes it.
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
  private volatile boolean answered;
  private volatile boolean closed;
  private HttpClientContext context;
  private ClassicHttpResponse response;
  private InputStream content;
  private boolean atEnd;
  private boolean whole;
  private boolean compressed;
  private CallListener listener;

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

  /** Sets the listener that sees the response; it is set before the call is opened. */
  public void setListener(CallListener listener) {
    this.listener = listener;
  }

  /**
   * Sends the request and waits for the head of the response.
   *
   * @return the HTTP status
   * @throws UpstreamIoException if there is no response
   */
  public int open() {
    deadlines.add(this);
    try {
      response = executeOnce();
      letGoOfBody();
      lastByteAt = System.nanoTime();
      lastPayloadAt = lastByteAt;
      HttpEntity entity = response.getEntity();
      content = entity == null ? InputStream.nullInputStream() : plain(entity.getContent());
      // A failure's head is its answer. A completion's may come before the prompt is processed.
      answered = response.getCode() != 200;
      if (listener != null) {
        listener.opened(this);
      }
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

  /** The body has been sent; a long prompt would take memory for as long as the stream lasts. */
  private void letGoOfBody() {
    request.setEntity(null);
    if (context.getRequest() instanceof HttpEntityContainer sent) {
      sent.setEntity(null);
    }
  }

  /** Decompresses a response that is compressed although that was not asked for. */
  private InputStream plain(InputStream sent) throws IOException {
    String encoding = header("content-encoding");
    if (encoding == null) {
      return sent;
    }
    InputStream plain =
        switch (encoding.strip().toLowerCase(Locale.ROOT)) {
          case "gzip", "x-gzip" -> new GZIPInputStream(sent);
          case "deflate" -> new InflaterInputStream(sent);
          default -> sent;
        };
    compressed = !plain.equals(sent);
    return plain;
  }

  private ClassicHttpResponse executeOnce() throws IOException {
    try {
      return client.executeOpen(null, request, newContext());
    } catch (NoHttpResponseException e) {
      // The upstream had closed the pooled connection meanwhile. No response has begun, so this is
      // not a repeated call.
      if (aborted.get() != null) {
        throw e;
      }
      return client.executeOpen(null, request, newContext());
    }
  }

  /** Returns the HTTP status of the response. */
  public int status() {
    return response.getCode();
  }

  private HttpContext newContext() {
    context = HttpClientContext.create();
    AbortableConnections.unless(() -> aborted.get() != null, context);
    return context;
  }

  /** Calls back with the name and the value of each header of the response. */
  public void eachHeader(BiConsumer<String, String> headers) {
    Iterator<Header> each = response.headerIterator();
    while (each.hasNext()) {
      Header header = each.next();
      headers.accept(header.getName(), header.getValue() == null ? "" : header.getValue());
    }
  }

  /** Returns a header of the response, or null. */
  public String header(String name) {
    Header header = response.getFirstHeader(name);
    return header == null ? null : header.getValue();
  }

  /**
   * Reads the bytes that have arrived; waits for at least one.
   *
   * @return the number of bytes read, -1 at the end of the response
   * @throws UpstreamIoException if the response was cut off or the call aborted
   */
  public int read(byte[] buffer, int offset) {
    int count = readMore(buffer, offset);
    lastByteAt = System.nanoTime();
    return count;
  }

  /** Reads bytes of which {@link #available} has said that they came with the last ones read. */
  public int readMore(byte[] buffer, int offset) {
    try {
      int count = content.read(buffer, offset, buffer.length - offset);
      // Behind the end of what is compressed, the response's own may not have come.
      atEnd = count < 0 && !compressed;
      whole |= count < 0;
      if (count < 0 && aborted.get() != null) {
        // The client's streams may end where their connection was taken away between two reads.
        throw new IOException("the call was aborted");
      }
      if (listener != null && count > 0) {
        listener.read(buffer, offset, count);
      }
      return count;
    } catch (IOException e) {
      throw new UpstreamIoException(aborted.get(), true, e);
    }
  }

  /**
   * Reads a response that is no stream, an error for example.
   *
   * @param limit the most bytes to read; the rest is ignored
   */
  public byte[] readUpTo(int limit) {
    answered = true;
    try {
      byte[] bytes = content.readNBytes(limit);
      if (listener != null) {
        listener.read(bytes, 0, bytes.length);
      }
      whole = bytes.length < limit;
      atEnd = whole && !compressed;
      return bytes;
    } catch (IOException e) {
      throw new UpstreamIoException(aborted.get(), true, e);
    }
  }

  /** Returns roughly how many bytes have arrived and were not read yet. */
  public int available() {
    try {
      // A decompressor always claims to have a byte.
      return compressed ? 0 : content.available();
    } catch (IOException e) {
      return 0;
    }
  }

  /** Records that the bytes last read had a payload, not only a comment. */
  public void payloadArrived() {
    lastPayloadAt = lastByteAt;
    answered = true;
  }

  /**
   * Returns whether one of this call's timers will end a silence: only then may keep-alive pings go
   * to the client.
   */
  public boolean watched() {
    return !closed && aborted.get() == null;
  }

  /** Limits the wait for the end of a response whose content is complete. */
  public void endWithin(Duration time) {
    endBy = System.nanoTime() + time.toNanos();
  }

  /** Returns the reason for which this side has aborted the call, or null. */
  public AbortReason abortReason() {
    return aborted.get();
  }

  /**
   * Aborts the call; a blocked read ends at once. It may be called from any thread, also after the
   * call's end.
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
    // llama.cpp sends a head at once, and comments while it processes a long prompt.
    if (!answered) {
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
   * Ends the call. A connection whose response was read to its end goes back into the pool; any
   * other is closed.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    deadlines.remove(this);
    if (listener != null) {
      listener.closed(this, whole && aborted.get() == null);
    }
    if (response != null) {
      closeResponse();
    }
  }

  private void closeResponse() {
    boolean complete = atEnd && aborted.get() == null;
    // A graceful close would read a running response to its end.
    if (response instanceof ModalCloseable modal && !complete) {
      modal.close(CloseMode.IMMEDIATE);
      return;
    }
    if (DirectCalls.giveBack(context)) {
      return;
    }
    try {
      response.close();
    } catch (IOException e) {
      // Nothing is lost: the response is complete, or its rest is not needed.
      request.cancel();
    }
  }
}
