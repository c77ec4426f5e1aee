package io.caravan.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads HTTP/1.1 requests from a connection, one after the other. */
final class HttpRequestReader {
  /** A request as it was read. */
  @SuppressWarnings("ArrayRecordComponent") // the record is never compared
  record Request(
      String method, String target, List<Map.Entry<String, String>> headers, byte[] body) {}

  private final InputStream in;
  private final OutputStream out;

  /**
   * Makes a reader.
   *
   * @param out the stream for the interim response to {@code Expect: 100-continue}
   */
  HttpRequestReader(InputStream in, OutputStream out) {
    this.in = in;
    this.out = out;
  }

  /** Returns the next request; null if the client has closed its side between two requests. */
  Request next() throws IOException {
    String requestLine = line();
    if (requestLine == null) {
      return null;
    }
    String[] words = requestLine.split(" ", -1);
    if (words.length != 3) {
      throw new IOException("not a request line: " + requestLine);
    }
    List<Map.Entry<String, String>> headers = headers();
    return new Request(words[0], words[1], headers, body(headers));
  }

  private List<Map.Entry<String, String>> headers() throws IOException {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (String line = line(); line != null && !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 0) {
        throw new IOException("not a header: " + line);
      }
      headers.add(Map.entry(line.substring(0, colon).strip(), line.substring(colon + 1).strip()));
    }
    return headers;
  }

  private byte[] body(List<Map.Entry<String, String>> headers) throws IOException {
    int length = 0;
    boolean chunked = false;
    for (Map.Entry<String, String> header : headers) {
      switch (header.getKey().toLowerCase(Locale.ROOT)) {
        case "content-length" -> length = Integer.parseInt(header.getValue());
        case "transfer-encoding" -> chunked = header.getValue().equalsIgnoreCase("chunked");
        case "expect" -> {
          out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          out.flush();
        }
        default -> {}
      }
    }
    return chunked ? chunkedBody() : exactly(length);
  }

  private byte[] chunkedBody() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(mustLine().split(";", -1)[0].strip(), 16);
      if (size == 0) {
        while (!mustLine().isEmpty()) {
          // Trailers are ignored.
        }
        return body.toByteArray();
      }
      body.write(exactly(size));
      mustLine();
    }
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the client went in the middle of its request");
    }
    return bytes;
  }

  private String mustLine() throws IOException {
    String line = line();
    if (line == null) {
      throw new EOFException("the client went in the middle of its request");
    }
    return line;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (next == '\n') {
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
      }
      line.write(next);
    }
    return null;
  }
}
