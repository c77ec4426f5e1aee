package io.caravan.faults;

import io.caravan.testkit.Chunks;
import io.caravan.testkit.Script;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The faults of an upstream in one request, and the outcome that the client must see. */
enum Fault {
  /** Nothing is wrong. */
  NONE(Expected.ANSWER) {
    @Override
    Script script(String text) {
      return Script.says(text);
    }
  },
  /** Every write is seven bytes, so that lines, frames and characters are cut anywhere. */
  CUT(Expected.ANSWER) {
    @Override
    Script script(String text) {
      return Script.stream().drip(whole(text), 7, Duration.ZERO);
    }
  },
  /** A slow network. */
  SLOW(Expected.ANSWER) {
    @Override
    Script script(String text) {
      return Script.stream().drip(whole(text), 200, Duration.ofMillis(20));
    }
  },
  /** The head comes seven bytes at a time. */
  SLOW_HEAD(Expected.ANSWER) {
    @Override
    Script script(String text) {
      String head =
          "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";
      return Script.raw()
          .drip(head.getBytes(StandardCharsets.US_ASCII), 7, Duration.ofMillis(5))
          .write(whole(text))
          .close();
    }
  },
  /** A frame of a megabyte. */
  HUGE_FRAME(Expected.ANSWER) {
    @Override
    Script script(String text) {
      String padding = " ".repeat(1 << 20);
      return Script.stream(
              Chunks.delta(
                  "{\"content\":" + Chunks.quote(text) + "," + padding + "\"role\":\"assistant\"}"))
          .write(END);
    }
  },
  /** Keep-alive comments between the tokens, as DeepSeek and OpenRouter send them. */
  COMMENTS(Expected.ANSWER) {
    @Override
    Script script(String text) {
      return Script.stream(
          Chunks.comment("keep-alive").repeat(20),
          Chunks.text(text),
          Chunks.comment("OPENROUTER PROCESSING").repeat(20),
          END);
    }
  },
  /** The body ends with the connection and not with a last chunk. */
  UNTIL_CLOSED(Expected.ANSWER) {
    @Override
    Script script(String text) {
      return Script.status(200, "Content-Type: text/event-stream").untilClosed().write(whole(text));
    }
  },
  /** The upstream refuses the request as invalid. */
  REFUSED(Expected.ERROR) {
    @Override
    Script script(String text) {
      return Script.json(
          400,
          "{\"error\":{\"message\":\"the soak test refuses\",\"type\":\"invalid_request_error\"}}");
    }
  },
  /** The upstream's rate limit is exceeded. */
  LIMITED(Expected.ERROR) {
    @Override
    Script script(String text) {
      return Script.json(429, "{\"status\":429,\"title\":\"Too Many Requests\"}");
    }
  },
  /** A proxy in front of the upstream reports it in HTML. */
  BAD_GATEWAY(Expected.ERROR) {
    @Override
    Script script(String text) {
      return Script.whole(
          502, "text/html", "<html><head><title>502 Bad Gateway</title></head></html>");
    }
  },
  /** The connection is reset as soon as the request has arrived. */
  RESET_AT_ONCE(Expected.ERROR) {
    @Override
    Script script(String text) {
      return Script.garbage(new byte[0]);
    }
  },
  /** The sending half is closed as soon as the request has arrived. */
  HALF_CLOSED_AT_ONCE(Expected.ERROR) {
    @Override
    Script script(String text) {
      return Script.raw().halfClose();
    }
  },
  /** The sending half is closed in the middle of the head. */
  HALF_CLOSED_IN_THE_HEAD(Expected.ERROR) {
    @Override
    Script script(String text) {
      return Script.raw()
          .writeRaw("HTTP/1.1 200 OK\r\nContent-Ty".getBytes(StandardCharsets.US_ASCII))
          .halfClose();
    }
  },
  /** A head without end. */
  ENDLESS_HEAD(Expected.ERROR) {
    @Override
    Script script(String text) {
      return Script.raw()
          .write("HTTP/1.1 200 OK\r\n")
          .endlessly("x-filler: filler\r\n".repeat(1000), Duration.ofMillis(1));
    }
  },
  /** An error that never ends. */
  ENDLESS_ERROR(Expected.ERROR) {
    @Override
    Script script(String text) {
      return Script.status(500, "Content-Type: text/plain")
          .untilClosed()
          .endlessly("out of everything ".repeat(1000), Duration.ofMillis(1));
    }
  },
  /** A frame that never ends. */
  ENDLESS_FRAME(Expected.ERROR) {
    @Override
    Script script(String text) {
      return Script.stream("data: {\"id\":\"")
          .endlessly("and on ".repeat(10_000), Duration.ofMillis(1));
    }
  },
  /** No HTTP at all. */
  GARBAGE(Expected.ERROR) {
    @Override
    Script script(String text) {
      return Script.garbage(
          "\u0000\u0001 this is no HTTP \r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
  },
  /** A stream of nothing. */
  EMPTY(Expected.ERROR) {
    @Override
    Script script(String text) {
      return Script.stream();
    }
  },
  /** A login page in place of a stream. */
  HTML(Expected.ERROR) {
    @Override
    Script script(String text) {
      return Script.whole(200, "text/html", "<html>please log in</html>");
    }
  },
  /** The first frame is an error. */
  ERROR_FIRST(Expected.ERROR) {
    @Override
    Script script(String text) {
      return Script.stream(Chunks.error(500, "out of memory"), Chunks.DONE);
    }
  },
  /** The connection is reset in the middle of the text. */
  RESET(Expected.BROKEN) {
    @Override
    Script script(String text) {
      return begun(text).reset();
    }
  },
  /** The connection is closed in the middle of the text, without a last chunk. */
  CLOSED(Expected.BROKEN) {
    @Override
    Script script(String text) {
      return begun(text).close();
    }
  },
  /** The sending half is closed in the middle of the text. */
  HALF_CLOSED(Expected.BROKEN) {
    @Override
    Script script(String text) {
      return begun(text).halfClose();
    }
  },
  /** The stream ends properly but without a finish reason. */
  UNFINISHED(Expected.BROKEN) {
    @Override
    Script script(String text) {
      return begun(text);
    }
  },
  /** A chunk whose size is no number. */
  BAD_CHUNK(Expected.BROKEN) {
    @Override
    Script script(String text) {
      return begun(text).writeRaw("zz\r\nxx\r\n".getBytes(StandardCharsets.US_ASCII)).close();
    }
  },
  /** The engine dies and reports it. */
  ERROR_FRAME(Expected.BROKEN) {
    @Override
    Script script(String text) {
      return begun(text).write(Chunks.error(500, "the engine has died") + Chunks.DONE);
    }
  },
  /** Nothing comes, and the client loses patience. */
  SILENT(Expected.GIVEN_UP) {
    @Override
    Script script(String text) {
      return Script.silence();
    }
  },
  /** A head that stops, and the client loses patience. */
  STALLED_HEAD(Expected.GIVEN_UP) {
    @Override
    Script script(String text) {
      return Script.raw()
          .write("HTTP/1.1 200 OK\r\n")
          .endlessly("x-filler: filler\r\n", Duration.ofMillis(50));
    }
  },
  /** The text stops in the middle, and the client loses patience. */
  STALLED(Expected.GIVEN_UP) {
    @Override
    Script script(String text) {
      return begun(text).stall();
    }
  },
  /** Comments without end, and the client loses patience. */
  ONLY_COMMENTS(Expected.GIVEN_UP) {
    @Override
    Script script(String text) {
      return Script.stream().endlessly(Chunks.comment("keep-alive"), Duration.ofMillis(10));
    }
  };

  /** The outcome that the client must see. */
  enum Expected {
    /** The whole text and a proper end. */
    ANSWER,
    /** An error in Anthropic's envelope, and no text. */
    ERROR,
    /** An error, after no more than the beginning of the text. */
    BROKEN,
    /** The client leaves, and then the upstream's connection must end too. */
    GIVEN_UP
  }

  private static final String END = Chunks.finish("stop") + Chunks.usage(10, 5) + Chunks.DONE;

  private final Expected expected;

  Fault(Expected expected) {
    this.expected = expected;
  }

  Expected expected() {
    return expected;
  }

  /** Returns the upstream's script. */
  abstract Script script(String text);

  private static byte[] whole(String text) {
    return (Chunks.role() + Chunks.text(text) + END).getBytes(StandardCharsets.UTF_8);
  }

  private static Script begun(String text) {
    return Script.stream(Chunks.role(), Chunks.text(text.substring(0, text.length() / 2)));
  }
}
