package io.caravan.markup;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.caravan.openai.Chunk;
import io.caravan.openai.ToolCallDelta;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Counts the work that thousands of calls in one answer make, and compares it with half of them.
 */
class MarkupWorkTest {
  /** Twice as many calls may cost this much more. Quadratic work would be four times as much. */
  private static final double LINEAR = 2.5;

  private static final int CALLS = 2_000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<tool_call>\n<function=Read>\n<parameter=file_path>\n%d\n</function>\n</tool_call>\n",
        "<tool_call>Read<arg_key>file_path</arg_key><arg_value><tool_call>%d</arg_value>"
            + "</tool_call>\n"
      })
  void allTheTextIsSearchedOnlyForSomeCallsWithoutTheirTags(String call) {
    Transcript transcript = Streams.answer(answer(call, CALLS));

    assertThat(transcript.calls()).hasSize(64);
    assertThat(transcript.text()).contains("1999");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<tool_call>{\"name\":\"Read\",\"arguments\":{\"file_path\":\"%d\"}}</tool_call>\n",
        "<tool_call>Read<arg_key>file_path</arg_key><arg_value>%d</arg_value></tool_call>\n",
        "<tool_call>Read<arg_key>file_path</arg_key><arg_value>%d</arg_value>\n",
        "<|python_start|>[Read(file_path=\"%d\")]<|python_end|>",
        "{\"name\":\"Read\",\"arguments\":{\"file_path\":\"%d\"}}\n"
      })
  void theMemoryGrowsWithTheCalls(String call) {
    allocated(List.of(Streams.content(answer(call, CALLS)), Streams.finish("stop")));
    long half = allocated(List.of(Streams.content(answer(call, CALLS)), Streams.finish("stop")));
    long whole =
        allocated(List.of(Streams.content(answer(call, 2 * CALLS)), Streams.finish("stop")));

    assertThat(whole).isLessThan((long) (LINEAR * half));
  }

  @Test
  void callsThatCameTwiceAreFoundInAnOrderThatIsMadeOnce() {
    allocated(twice(CALLS));
    long half = allocated(twice(CALLS));
    long whole = allocated(twice(2 * CALLS));

    assertThat(whole).isLessThan((long) (LINEAR * half));
  }

  private static String answer(String call, int calls) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < calls; i++) {
      text.append(String.format(call, i));
    }
    return text.toString();
  }

  /** Returns an answer that has each call as text and in {@code tool_calls}. */
  private static List<Chunk> twice(int calls) {
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      String arguments = "{\"file_path\": \"" + i + "\"}";
      chunks.add(
          Streams.content(
              "<tool_call>{\"name\":\"Read\",\"arguments\":{\"file_path\":\"" + i + "\"}}"));
      ToolCallDelta delta = new ToolCallDelta(i, "call_" + i, "Read", arguments);
      chunks.add(new Chunk("c1", "m", "", "", null, null, List.of(delta), null, null, null, null));
    }
    chunks.add(Streams.finish("stop"));
    return chunks;
  }

  private static long allocated(List<Chunk> chunks) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    MarkupRecovery recovery = Streams.recovery();
    long before = threads.getCurrentThreadAllocatedBytes();
    chunks.forEach(recovery::accept);
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
