package io.caravan.corpus;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A case of the corpus: a client's request, the bytes of an upstream, and the response to the
 * client. {@code src/test/resources/corpus/README.md} describes the form of the files.
 *
 * @param group the case's folder
 * @param name the file's name without its extension
 * @param title a sentence about the case
 * @param from the thread or document that taught it
 * @param quirks properties of the provider, by name; such a case has no meaning over HTTP
 * @param request Anthropic's request as JSON, or null for {@link #DEFAULT_REQUEST}
 * @param upstreamRequest the body that the upstream must get, or null if it isn't checked
 * @param upstream the upstream's responses, one a call
 * @param events the events that the client must get, each as JSON, or null
 * @param error the failure that the client must get, or null
 * @param message the whole message that a client without streaming must get, or null
 */
public record CorpusCase(
    String group,
    String name,
    String title,
    String from,
    Map<String, String> quirks,
    String request,
    String upstreamRequest,
    List<Answer> upstream,
    List<String> events,
    Failure error,
    String message)
    implements Case {

  /** The request of a case that has none. */
  public static final String DEFAULT_REQUEST =
      "{\"model\":\"claude-test\",\"max_tokens\":1024,\"stream\":true,\"thinking\":{\"type\":\"adaptive\"},"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private static final Set<String> SECTIONS =
      Set.of("request", "upstream-request", "upstream", "events", "error", "message");

  /**
   * One response of the upstream.
   *
   * @param reset true if the connection is reset after the bytes, instead of a clean end
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Answer(int status, String contentType, byte[] body, boolean reset) {}

  /**
   * The failure.
   *
   * @param text a part of the message; may be empty
   */
  public record Failure(int status, String type, String text) {}

  /** Returns all cases of a group, by name. */
  public static List<CorpusCase> group(String group) {
    return CorpusFiles.of(group).stream().map(CorpusCase::read).toList();
  }

  public static CorpusCase read(Path file) {
    String name = CorpusFiles.name(file);
    try {
      // Latin-1 keeps every byte as it is; text sections are decoded as UTF-8 later.
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      return new Parser(file.getParent().getFileName().toString(), name).parse(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /** Returns the request as JSON: the case's own or the default one. */
  public String requestJson() {
    return request == null ? DEFAULT_REQUEST : request;
  }

  @Override
  public Path file() {
    return CorpusFiles.file(group, name);
  }

  /** Returns the case's name in a test report. */
  @Override
  public String toString() {
    return id();
  }

  private static final class Parser {
    private final String group;
    private final String name;
    private final Map<String, String> head = new LinkedHashMap<>();
    private final Map<String, String> quirks = new LinkedHashMap<>();
    private final List<Answer> answers = new ArrayList<>();
    private String request;
    private String upstreamRequest;
    private List<String> events;
    private Failure error;
    private String message;

    Parser(String group, String name) {
      this.group = group;
      this.name = name;
    }

    CorpusCase parse(String text) {
      int at = 0;
      String section = null;
      int bodyStart = 0;
      while (at <= text.length()) {
        int end = text.indexOf('\n', at);
        String line = text.substring(at, end < 0 ? text.length() : end);
        if (isSection(line)) {
          if (section != null) {
            section(section, text.substring(bodyStart, Math.max(bodyStart, at - 1)));
          }
          section = line.substring(4);
          bodyStart = end < 0 ? text.length() : end + 1;
        } else if (section == null) {
          head(line);
        }
        if (end < 0) {
          break;
        }
        at = end + 1;
      }
      if (section != null) {
        String body = text.substring(bodyStart);
        section(section, body.endsWith("\n") ? body.substring(0, body.length() - 1) : body);
      }
      return result();
    }

    private static boolean isSection(String line) {
      return line.startsWith("--- ") && SECTIONS.contains(line.substring(4).split(" ", 2)[0]);
    }

    private void head(String line) {
      if (line.startsWith("# ") && line.contains(": ")) {
        String[] parts = utf8(line.substring(2)).split(": ", 2);
        if (parts[0].equals("quirks")) {
          for (String quirk : parts[1].trim().split("\\s+", -1)) {
            String[] pair = quirk.split("=", 2);
            quirks.put(pair[0], pair[1]);
          }
        } else {
          // Several lines of a kind are one text; a case may come from several threads.
          head.merge(parts[0], parts[1].trim(), (a, b) -> a + " " + b);
        }
      }
    }

    private void section(String line, String body) {
      String[] args = line.trim().split("\\s+", -1);
      switch (args[0]) {
        case "request" -> request = utf8(body).trim();
        case "upstream-request" -> upstreamRequest = utf8(body).trim();
        case "upstream" -> answers.add(answer(args, body));
        case "events" ->
            events = utf8(body).lines().map(String::trim).filter(l -> !l.isEmpty()).toList();
        case "error" -> error = new Failure(Integer.parseInt(args[1]), args[2], utf8(body).trim());
        case "message" -> message = utf8(body).trim();
        default -> throw new IllegalArgumentException("unknown section " + args[0]);
      }
    }

    private static Answer answer(String[] args, String body) {
      List<String> flags = List.of(args).subList(Math.min(3, args.length), args.length);
      byte[] bytes =
          flags.contains("escaped") ? unescape(body) : body.getBytes(StandardCharsets.ISO_8859_1);
      return new Answer(
          Integer.parseInt(args[1]),
          args.length > 2 ? args[2] : "text/event-stream",
          bytes,
          flags.contains("reset"));
    }

    /** Decodes {@code \r \n \t \\ \xNN}; real line ends are ignored. */
    private static byte[] unescape(String body) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (int i = 0; i < body.length(); i++) {
        char c = body.charAt(i);
        if (c == '\n' || c == '\r') {
          continue;
        }
        if (c != '\\') {
          out.write(c);
          continue;
        }
        char escape = body.charAt(++i);
        switch (escape) {
          case 'r' -> out.write('\r');
          case 'n' -> out.write('\n');
          case 't' -> out.write('\t');
          case '\\' -> out.write('\\');
          case 'x' -> {
            out.write(Integer.parseInt(body.substring(i + 1, i + 3), 16));
            i += 2;
          }
          default -> throw new IllegalArgumentException("unknown escape \\" + escape);
        }
      }
      return out.toByteArray();
    }

    private static String utf8(String latin1) {
      return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private CorpusCase result() {
      if (!head.containsKey("case") || !head.containsKey("from")) {
        throw new IllegalArgumentException("the head needs '# case:' and '# from:'");
      }
      return new CorpusCase(
          group,
          name,
          head.get("case"),
          head.get("from"),
          quirks,
          request,
          upstreamRequest,
          answers,
          events,
          error,
          message);
    }
  }
}
