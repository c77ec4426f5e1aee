package io.caravan.translate.response;

import java.util.Arrays;
import java.util.List;

/**
 * Ends the text at the first stop sequence, in pieces cut anywhere. Many servers accept only four
 * sequences (vLLM), some none, and some leave the sequence in the text (transformers). Of several
 * sequences that one counts whose end comes first; of those with one end the longest.
 *
 * <p>Text that may be the beginning of a sequence waits. The cost of a character is the number of
 * sequences, whatever came before.
 */
final class StopSequences {
  private final String[] sequences;

  /** For each sequence and length: the longest shorter beginning that ends there. */
  private final int[][] fallbacks;

  /** For each sequence the number of its characters that the text ends with. */
  private final int[] matched;

  private final StringBuilder waiting = new StringBuilder();
  private String found;

  private StopSequences(List<String> sequences) {
    this.sequences = sequences.toArray(new String[0]);
    matched = new int[this.sequences.length];
    fallbacks = new int[this.sequences.length][];
    for (int i = 0; i < fallbacks.length; i++) {
      fallbacks[i] = fallbacks(this.sequences[i]);
    }
  }

  /** Returns null if there are no sequences. */
  static StopSequences of(List<String> sequences) {
    return sequences.isEmpty() ? null : new StopSequences(sequences);
  }

  private static int[] fallbacks(String sequence) {
    int[] fallback = new int[sequence.length() + 1];
    for (int i = 1, length = 0; i < sequence.length(); i++) {
      while (length > 0 && sequence.charAt(i) != sequence.charAt(length)) {
        length = fallback[length];
      }
      length += sequence.charAt(i) == sequence.charAt(length) ? 1 : 0;
      fallback[i + 1] = length;
    }
    return fallback;
  }

  /** Returns the sequence at which the text has ended, or null. */
  String found() {
    return found;
  }

  /** Takes in text and returns the text that goes out now. */
  String accept(String text) {
    if (found != null) {
      return "";
    }
    for (int i = 0; i < text.length(); i++) {
      String end = next(text.charAt(i));
      if (end != null) {
        found = end;
        waiting.append(text, 0, i + 1);
        String before = waiting.substring(0, waiting.length() - end.length());
        Segment.release(waiting, waiting.length());
        return before;
      }
    }
    int held = 0;
    for (int length : matched) {
      held = Math.max(held, length);
    }
    if (held == 0 && waiting.length() == 0) {
      return text;
    }
    waiting.append(text);
    String out = waiting.substring(0, waiting.length() - held);
    Segment.release(waiting, out.length());
    return out;
  }

  /** Reads a character, and returns the sequence that ends with it, or null. */
  private String next(char c) {
    String end = null;
    for (int i = 0; i < sequences.length; i++) {
      String sequence = sequences[i];
      int length = matched[i];
      while (length > 0 && sequence.charAt(length) != c) {
        length = fallbacks[i][length];
      }
      length += sequence.charAt(length) == c ? 1 : 0;
      matched[i] = length;
      if (length == sequence.length() && (end == null || length > end.length())) {
        end = sequence;
      }
    }
    return end;
  }

  /** Returns a whole text up to a stop sequence, which {@link #found} names. */
  String cut(String text) {
    return accept(text) + end();
  }

  /** Ends a text, since something else follows. Returns what has waited. */
  String end() {
    String rest = waiting.toString();
    Segment.release(waiting, waiting.length());
    Arrays.fill(matched, 0);
    return rest;
  }
}
