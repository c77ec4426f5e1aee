package io.caravan.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class PassThroughEventTest {
  private static PassThroughEvent read(String json) throws IOException {
    byte[] bytes = json.getBytes(UTF_8);
    return PassThroughEvent.read(bytes, 0, bytes.length);
  }

  @Test
  void aBlockThatCallsAToolNamesIt() throws Exception {
    PassThroughEvent event =
        read(
            "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"Bash\",\"input\":{}}}");

    assertThat(event.type()).isEqualTo("content_block_start");
    assertThat(event.tools()).containsExactly("Bash");
  }

  @Test
  void aWholeMessageNamesEachOfItsCalls() throws Exception {
    PassThroughEvent message =
        read(
            "{\"type\":\"message\",\"content\":[\"x\",{\"type\":\"text\",\"text\":\"a\",\"name\":\"none\"},"
                + "{\"name\":\"Read\",\"input\":{\"type\":\"tool_use\",\"name\":\"inner\"},\"type\":\"tool_use\"},"
                + "{\"type\":\"tool_use\",\"name\":\"Bash\"}],\"usage\":{\"input_tokens\":7,\"output_tokens\":9}}");

    assertThat(message.tools()).containsExactly("Read", "Bash");
    assertThat(message.usage().outputTokens()).isEqualTo(9);
  }

  @Test
  void otherBlocksCallNothing() throws Exception {
    for (String block :
        new String[] {
          "{\"type\":\"text\",\"text\":\"\"}",
          "{\"type\":\"tool_use\"}",
          "{\"type\":\"server_tool_use\",\"name\":\"web_search\"}",
          "[]",
          "null",
          "7"
        }) {
      assertThat(read("{\"type\":\"content_block_start\",\"content_block\":" + block + "}").tools())
          .as(block)
          .isEmpty();
    }
    assertThat(read("{\"type\":\"x\",\"content\":\"text\"}").tools()).isEmpty();
  }
}
