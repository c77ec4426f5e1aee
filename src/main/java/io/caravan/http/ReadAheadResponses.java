package io.caravan.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponseFactory;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.HttpMessageParserFactory;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.io.entity.HttpEntityWrapper;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;

/**
 * Makes {@link InputStream#available()} of a response include the bytes in the connection's buffer
 * and in the system's. The library's stream knows only the current chunk, and a server that streams
 * tokens sends each as a chunk of its own. So each token would be a separate read, split part and
 * write, even where one packet has brought a hundred.
 */
final class ReadAheadResponses implements HttpMessageParserFactory<ClassicHttpResponse> {
  /** The length of a chunk's line end, which may be in the buffer before the next chunk is. */
  private static final int LINE_END = 2;

  private final DefaultHttpResponseParserFactory parsers;

  ReadAheadResponses(Http1Config config) {
    parsers = new DefaultHttpResponseParserFactory(config, null, new Responses());
  }

  @Override
  public HttpMessageParser<ClassicHttpResponse> create() {
    return new Parser(parsers.create());
  }

  @Override
  @Deprecated
  @SuppressWarnings("InlineMeSuggester")
  public HttpMessageParser<ClassicHttpResponse> create(Http1Config config) {
    return create();
  }

  private record Parser(HttpMessageParser<ClassicHttpResponse> parser)
      implements HttpMessageParser<ClassicHttpResponse> {
    @Override
    public ClassicHttpResponse parse(SessionInputBuffer buffer, InputStream input)
        throws IOException, HttpException {
      ClassicHttpResponse response = parsed(buffer, new Head(input));
      if (response instanceof Response ours) {
        ours.buffer = buffer;
        ours.socket = input;
      }
      return response;
    }

    private ClassicHttpResponse parsed(SessionInputBuffer buffer, Head head)
        throws IOException, HttpException {
      try {
        ClassicHttpResponse response = parser.parse(buffer, head);
        if (response != null || !head.isAlert()) {
          return response;
        }
      } catch (IOException | HttpException e) {
        if (!head.isAlert()) {
          throw e;
        }
      }
      throw new SSLException(TlsFault.SPEAKS_TLS);
    }
  }

  /** The bytes of a head, of which the first one is remembered. */
  private static final class Head extends FilterInputStream {
    /** The first byte of an alert, the response of a TLS server to anything else than TLS. */
    private static final int ALERT = 0x15;

    private int first = -1;

    Head(InputStream socket) {
      super(socket);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = super.read(buffer, offset, length);
      if (first < 0 && count > 0) {
        first = buffer[offset];
      }
      return count;
    }

    boolean isAlert() {
      return first == ALERT;
    }
  }

  private static final class Responses implements HttpResponseFactory<ClassicHttpResponse> {
    @Override
    public ClassicHttpResponse newHttpResponse(int status, String reason) {
      return new Response(status, reason);
    }

    @Override
    public ClassicHttpResponse newHttpResponse(int status) {
      return new Response(status, null);
    }
  }

  private static final class Response extends BasicClassicHttpResponse {
    private SessionInputBuffer buffer;
    private InputStream socket;

    Response(int code, String reason) {
      super(code, reason);
    }

    /** Wraps the first entity, which the connection sets once the head has been parsed. */
    @Override
    public void setEntity(HttpEntity entity) {
      boolean wrap = entity != null && buffer != null;
      super.setEntity(wrap ? new Entity(entity, buffer, socket) : entity);
      buffer = null;
      socket = null;
    }
  }

  private static final class Entity extends HttpEntityWrapper {
    private final SessionInputBuffer buffer;
    private final InputStream socket;

    Entity(HttpEntity entity, SessionInputBuffer buffer, InputStream socket) {
      super(entity);
      this.buffer = buffer;
      this.socket = socket;
    }

    @Override
    public InputStream getContent() throws IOException {
      return new Content(super.getContent(), buffer, socket);
    }
  }

  private static final class Content extends FilterInputStream {
    private final SessionInputBuffer buffer;
    private final InputStream socket;

    Content(InputStream content, SessionInputBuffer buffer, InputStream socket) {
      super(content);
      this.buffer = buffer;
      this.socket = socket;
    }

    @Override
    public int available() throws IOException {
      int read = Math.max(super.available(), buffer.length() - LINE_END);
      return read > 0 ? read : buffer.length() + socket.available() - LINE_END;
    }
  }
}
