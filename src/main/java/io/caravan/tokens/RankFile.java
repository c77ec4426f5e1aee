package io.caravan.tokens;

import com.knuddels.jtokkit.Encodings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Base64;

/**
 * A vocabulary as OpenAI publishes it and jtokkit's jar contains it: each line a token in base64, a
 * space, and its rank.
 */
final class RankFile {
  private final byte[] bytes;
  private final int[] starts;

  private RankFile(byte[] bytes, int[] starts) {
    this.bytes = bytes;
    this.starts = starts;
  }

  /** Reads a vocabulary by its name. */
  static RankFile read(String name) {
    try (InputStream in = Encodings.class.getResourceAsStream(name + ".tiktoken")) {
      if (in == null) {
        throw new IllegalArgumentException("jtokkit has no vocabulary named " + name);
      }
      return parse(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The ranks come in order, from 0 on. */
  private static RankFile parse(byte[] file) {
    byte[] bytes = new byte[file.length];
    int[] starts = new int[1 << 17];
    int tokens = 0;
    int size = 0;
    int line = 0;
    while (line < file.length) {
      int space = indexOf(file, (byte) ' ', line);
      int end = indexOf(file, (byte) '\n', space);
      byte[] token = Base64.getDecoder().decode(Arrays.copyOfRange(file, line, space));
      if (number(file, space + 1, end) != tokens) {
        throw new IllegalStateException("rank " + tokens + " is not in its place");
      }
      System.arraycopy(token, 0, bytes, size, token.length);
      size += token.length;
      starts[++tokens] = size;
      line = end + 1;
    }
    return new RankFile(Arrays.copyOf(bytes, size), Arrays.copyOf(starts, tokens + 1));
  }

  private static int indexOf(byte[] file, byte wanted, int from) {
    int i = from;
    while (i < file.length && file[i] != wanted) {
      i++;
    }
    return i;
  }

  private static int number(byte[] file, int from, int to) {
    int number = 0;
    for (int i = from; i < to && file[i] != '\r'; i++) {
      number = 10 * number + file[i] - '0';
    }
    return number;
  }

  /** All tokens, one after the other by rank. */
  byte[] bytes() {
    return bytes;
  }

  /** How many tokens there are. */
  int size() {
    return starts.length - 1;
  }

  /** Where a token begins. */
  int start(int rank) {
    return starts[rank];
  }

  /** Where it ends. */
  int end(int rank) {
    return starts[rank + 1];
  }
}
