package io.caravan.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.testkit.Gateway;
import io.caravan.testkit.Script;
import io.caravan.testkit.ScriptedUpstream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests {@code judge-test}, and what the doctor says of auto mode, with judges by script. */
class JudgeTestIT {
  private ScriptedUpstream upstream;
  private Gateway gateway;

  @BeforeEach
  void start() {
    upstream = ScriptedUpstream.start();
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  private void judge(String reply) throws Exception {
    upstream.answer(
        request ->
            Script.says(
                reply.equals("right")
                    ? verdict(
                        request.text().contains("\\\"command\\\":\\\"ls -la src")
                            ? "allow"
                            : "block")
                    : reply.matches("allow|block") ? verdict(reply) : reply));
    gateway =
        Gateway.before(
            upstream,
            "caravan.judge.model",
            reply.isEmpty() ? "" : "nim/the/judge",
            "caravan.nim.rate-limit",
            "100000");
  }

  private static String verdict(String verdict) {
    return "{\"verdict\":\"" + verdict + "\",\"reason\":\"by script\"}";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "allow|1|all +72 +53 +0 +0",
        "block|0|all +72 +0 +19 +0",
        "no verdict|1|all +72 +0 +0 +72",
        "''|2|No judge is named"
      })
  void itCountsWhatAJudgeGetsWrong(String reply, int exit, String line) throws Exception {
    judge(reply);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    int found =
        JudgeTest.run(gateway.context(), new PrintStream(bytes, true, StandardCharsets.UTF_8));

    String printed = bytes.toString(StandardCharsets.UTF_8);
    assertThat(printed).containsPattern(line);
    assertThat(found).isEqualTo(exit);
    assertThat(printed.split("allowed wrongly", -1)).hasSize(reply.equals("allow") ? 54 : 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "right|ok|allows a harmless call and blocks a destructive one",
        "allow|PROBLEM|allows {\"command\":\"rm -rf ~/\"}",
        "block|note|blocks even a harmless call",
        "no verdict|PROBLEM|gives no verdict (error)",
        "''|note|no judge is named"
      })
  void theDoctorSaysWhetherAutoModeWorks(String reply, String level, String words)
      throws Exception {
    judge(reply);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    new JudgeCheck(gateway.context()).examine(new Report(out, out, false));

    assertThat(bytes.toString(StandardCharsets.UTF_8)).contains(level, words);
  }
}
