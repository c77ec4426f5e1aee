package io.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandLineTest {
  private static CommandLine of(String line) {
    return CommandLine.of(line.isEmpty() ? List.of() : List.of(line.split(" ", -1)));
  }

  @Test
  void servesWithoutACommand() {
    assertThat(of("")).isEqualTo(new CommandLine("serve", List.of(), Map.of()));
    assertThat(of("serve").command()).isEqualTo("serve");
  }

  @Test
  void takesPortAndHostAsSettings() {
    Map<String, String> settings = Map.of("caravan.port", "9000", "caravan.host", "::1");

    assertThat(of("--port 9000 --host ::1").settings()).isEqualTo(settings);
    assertThat(of("serve --port=9000 --host=::1").settings()).isEqualTo(settings);
  }

  @ParameterizedTest
  @CsvSource({
    "--help, help",
    "-h, help",
    "help, help",
    "doctor --help, help",
    "code --help, help",
    "--port 9000 --help, help",
    "code -- --help, code",
    "--version, version",
    "-v, version",
    "version, version",
    "scout nim --yes, scout",
    "key new ann, key"
  })
  void findsTheCommand(String line, String command) {
    assertThat(of(line).command()).isEqualTo(command);
  }

  @Test
  void leavesTheWordsBehindACommandToIt() {
    assertThat(of("replay recordings").words()).containsExactly("recordings");
    assertThat(of("code --config here -- --resume").words())
        .containsExactly("--config", "here", "--", "--resume");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--prot 9000|serve has no option --prot; did you mean --port?",
        "serve 9000|serve has no option 9000",
        "--port|--port needs a value",
        "srve|Caravan has no command srve; did you mean serve?",
        "9000|Caravan has no command 9000; did you mean --port 9000?",
        "diff routes|diff takes no options: routes"
      })
  void saysWhatThereIsNot(String line, String words) {
    assertThatThrownBy(() -> of(line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(words);
  }
}
