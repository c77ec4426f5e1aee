package io.caravan.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Iterator;
import java.util.List;

/**
 * Decodes requests with a limit on the number of their headers. The limit on bytes alone lets five
 * thousand of them through, which take ten times their size, and a connection needs no complete
 * head for that.
 */
final class HeadDecoder extends VertxHttpRequestDecoder {
  static final int MAX_HEADERS = 128;

  /** Vert.x' own name of the handler. */
  private static final String NAME = "httpDecoder";

  /** The head that is being read; null between heads. */
  private HttpMessage head;

  private HeadDecoder(HttpServerOptions options) {
    super(options);
  }

  /** Replaces Vert.x' decoder of a new connection. */
  static void install(HttpConnection connection, HttpServerOptions options) {
    if (connection instanceof ConnectionBase open) {
      ChannelPipeline pipeline = open.channel().pipeline();
      if (pipeline.get(NAME) != null) {
        pipeline.replace(NAME, NAME, new HeadDecoder(options));
      }
    }
  }

  @Override
  protected HttpMessage createMessage(String[] line) {
    head = super.createMessage(line);
    return head;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf buffer, List<Object> out)
      throws Exception {
    super.decode(context, buffer, out);
    if (head != null) {
      check(context, buffer, out.contains(head));
    }
  }

  private void check(ChannelHandlerContext context, ByteBuf buffer, boolean complete) {
    if (tooMany(head.headers())) {
      if (complete) {
        head.setDecoderResult(
            DecoderResult.failure(new TooLongHttpHeaderException("more than " + MAX_HEADERS)));
      } else {
        buffer.skipBytes(buffer.readableBytes());
        var unused = context.close();
      }
      head = null;
    } else if (complete) {
      head = null;
    }
  }

  private static boolean tooMany(HttpHeaders headers) {
    int count = 0;
    for (Iterator<?> each = headers.iteratorCharSequence(); each.hasNext(); each.next()) {
      count++;
      if (count > MAX_HEADERS) {
        return true;
      }
    }
    return false;
  }
}
