package io.caravan.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.Chunks;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.PlainClient;
import io.caravan.testkit.RawClient;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Opens streams of long prompts, as those of a session that has gone on for hours. */
@Timeout(120)
class LongPromptsIT {
  private static final int STREAMS = 30;
  private static final int PROMPT = 1_200_000;
  private static final String ASK =
      "{\"model\":\"claude-sonnet\",\"max_tokens\":9,\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}";

  /**
   * The process ends when its heap is full, and three times the prompts would fill it. An eighth of
   * it is for bodies, which are more than twice as many.
   */
  @Test
  void anOpenStreamKeepsItsPromptOnce(@TempDir Path directory) throws Exception {
    OneRun.copyApplication(directory);
    String prompt = ASK.formatted("word ".repeat(PROMPT / 5));
    try (ScriptedUpstream upstream = ScriptedUpstream.start();
        CaravanProcess caravan =
            OneRun.serveBefore(
                upstream, directory, Map.of(), "-Xmx128m", "-XX:+ExitOnOutOfMemoryError")) {
      URI url = URI.create(caravan.url());
      upstream.answer(request -> Script.stream(Chunks.role(), Chunks.text("Well")).stall());
      List<Socket> open = new ArrayList<>();
      try {
        for (int i = 0; i < STREAMS; i++) {
          Socket socket = new Socket(InetAddress.getLoopbackAddress(), url.getPort());
          open.add(socket);
          RawClient.on(socket).post("/v1/messages", prompt).readUntil("Well");
          upstream.forget();
        }
        upstream.answer(request -> Script.says("still here"));

        assertThat(new PlainClient(url, 30_000).post(ASK.formatted("Hi"), 0).body())
            .contains("message_stop");
      } finally {
        for (Socket socket : open) {
          socket.close();
        }
      }
    }
  }
}
