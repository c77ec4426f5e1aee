package io.caravan.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
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
 * Makes {@link InputStream#available()} of an answer tell of what the connection has in its buffer.
 * The library's own stream knows of the chunk at hand only; a server that streams tokens puts each
 * into a chunk of its own, so with that each token would be a read, a part of the split and a write
 * of its own, also where one packet has brought a hundred.
 */
final class ReadAheadResponses implements HttpMessageParserFactory<ClassicHttpResponse> {
  /** A chunk's line end may stand in the buffer while nothing of the next chunk has come. */
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
      ClassicHttpResponse response = parser.parse(buffer, input);
      if (response instanceof Response ours) {
        ours.buffer = buffer;
      }
      return response;
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

    Response(int code, String reason) {
      super(code, reason);
    }

    /** The connection gives the entity once the head has been parsed; later ones wrap this. */
    @Override
    public void setEntity(HttpEntity entity) {
      boolean wrap = entity != null && buffer != null;
      super.setEntity(wrap ? new Entity(entity, buffer) : entity);
      buffer = null;
    }
  }

  private static final class Entity extends HttpEntityWrapper {
    private final SessionInputBuffer buffer;

    Entity(HttpEntity entity, SessionInputBuffer buffer) {
      super(entity);
      this.buffer = buffer;
    }

    @Override
    public InputStream getContent() throws IOException {
      return new Content(super.getContent(), buffer);
    }
  }

  private static final class Content extends FilterInputStream {
    private final SessionInputBuffer buffer;

    Content(InputStream content, SessionInputBuffer buffer) {
      super(content);
      this.buffer = buffer;
    }

    @Override
    public int available() throws IOException {
      return Math.max(super.available(), buffer.length() - LINE_END);
    }
  }
}
