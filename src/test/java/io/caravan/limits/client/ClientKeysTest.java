package io.caravan.limits.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.limits.ManualTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientKeysTest {
  private final ManualTime time = new ManualTime(Instant.now());
  private final ClientKeys keys = new ClientKeys();
  @TempDir Path directory;

  ClientKeysTest() {
    keys.setTime(time, time);
  }

  private static String line(String key, String settings) {
    byte[] hash = WatchedFile.sha256(key.getBytes(StandardCharsets.UTF_8));
    return "sha256:" + HexFormat.of().formatHex(hash) + " " + settings + "\n";
  }

  private Path file(String content) throws IOException {
    return Files.writeString(directory.resolve("keys"), content);
  }

  /** Who takes the keys with the lines is refused; who puts in keys of their own is not. */
  @Test
  void theLinesOfTheManualAreThoseOfAFile() throws IOException {
    String section = Files.readString(Path.of("docs/operate.md")).split("# One key a line", 2)[1];
    String lines = "# One key a line" + section.split("```", 2)[0];
    String own =
        Pattern.compile("sha256:\\w+")
            .matcher(lines)
            .replaceAll(example -> line("own-" + example.start(), "").strip());

    assertThatThrownBy(() -> load(lines)).hasMessageContaining("a key of an example");
    load(own);
    assertThat(keys.getCount()).isEqualTo(2);
  }

  private void load(String content) throws IOException {
    keys.setFile(file(content).toString());
  }

  private void nextSecond() {
    time.advance(Duration.ofSeconds(1));
  }

  @Test
  void keysOfTheListAreKnown() {
    keys.setKeys("one, two,,");
    assertThat(keys.isConfigured()).isTrue();
    assertThat(keys.getCount()).isEqualTo(2);
    assertThat(keys.authenticate("one")).isNotNull();
    assertThat(keys.authenticate("two").allows("anything")).isTrue();
    assertThat(keys.authenticate("one").id()).isNotEqualTo(keys.authenticate("two").id());
    assertThat(keys.authenticate("One")).isNull();
    assertThat(keys.authenticate("one ")).isNull();
    assertThat(keys.authenticate("")).isNull();
    assertThat(keys.authenticate(null)).isNull();
  }

  @Test
  void withoutListAndFileNoKeysAreAskedFor() {
    keys.setKeys(" ");
    keys.setFile("");
    assertThat(keys.isConfigured()).isFalse();
  }

  @Test
  void theHashIsWhatSha256sumSays() throws IOException {
    // printf %s sha256-me | sha256sum
    load("sha256:CDE979157c5796964738893b63473010a42c9fa4fade1389b0960117f4b7a9b4\n");
    assertThat(keys.authenticate("sha256-me").id()).isEqualTo("key-cde97915");
  }

  @Test
  void theFileSaysWhatAKeyMayDo() throws IOException {
    load(
        "# people\r\n\r\n"
            + line(
                "a", "name=ann rpm=60   tpm=100000 daily-tokens=5000000 models=claude-*,nim/z-ai/*")
            + line("b", ""));
    Client ann = keys.authenticate("a");
    assertThat(ann.id()).isEqualTo("ann");
    assertThat(ann.requestsPerMinute()).isEqualTo(60);
    assertThat(ann.tokensPerMinute()).isEqualTo(100_000);
    assertThat(ann.dailyTokens()).isEqualTo(5_000_000);
    assertThat(ann.allows("claude-sonnet-4-5")).isTrue();
    assertThat(ann.allows("nim/z-ai/glm-5.3")).isTrue();
    assertThat(ann.allows("nim/moonshotai/kimi-k2")).isFalse();
    assertThat(keys.authenticate("b")).isEqualTo(Client.unlimited(keys.authenticate("b").id()));
    assertThat(keys.authenticate("c")).isNull();
  }

  @Test
  void whatTheFileSaysOfAKeyOfTheListHolds() throws IOException {
    keys.setKeys("a");
    load(line("a", "name=ann rpm=1"));
    assertThat(keys.authenticate("a").requestsPerMinute()).isEqualTo(1);
  }

  @Test
  void twoKeysOfOneNameAreOneClient() throws IOException {
    load(line("old", "name=ann rpm=5") + line("new", "name=ann rpm=5"));
    assertThat(keys.authenticate("old")).isEqualTo(keys.authenticate("new"));
  }

  @Test
  void aByteOrderMarkIsNamed() {
    assertThatThrownBy(() -> load("\uFEFF" + line("a", "name=ann")))
        .hasMessageEndingWith("begins with a byte order mark: save it as UTF-8 without one");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sk-canary-secret | must begin with sha256: and 64 hexadecimal digits; the command key"
            + " new makes a line",
        "sha256:canary | must begin with sha256: and 64 hexadecimal digits; the command key"
            + " new makes a line",
        "GOOD canary | word 2 must be one of name=, rpm=, tpm=, daily-tokens=, monthly-tokens=,"
            + " daily-usd=, monthly-usd=, models=, expires=",
        "GOOD name=a canary=5 | word 3 must be one of name=, rpm=, tpm=, daily-tokens=,"
            + " monthly-tokens=, daily-usd=, monthly-usd=, models=, expires=",
        "GOOD daily-usd=canary | daily-usd must be a number of dollars such as 2.50; leave it out for"
            + " no limit",
        "GOOD monthly-usd=0 | monthly-usd must be a number of dollars such as 2.50; leave it out for"
            + " no limit",
        "GOOD expires=canary | expires must be the last day of the key, such as 2027-01-31 (UTC)",
        "GOOD name=can/ary | name may have letters, digits and . _ - only, at most 64",
        "GOOD rpm=canary | rpm must be a number from 1 to 1000000; leave it out for no limit",
        "GOOD rpm=0 | rpm must be a number from 1 to 1000000; leave it out for no limit",
        "GOOD tpm=-1 | tpm must be a number from 1 to 2305843009213693951; leave it out for no limit",
        "GOOD rpm=1 rpm=2 | rpm stands there twice",
        "GOOD models=canary, | models has an empty name",
        "SAME | this key stands in the file twice",
        "GOOD name=ann | another key of the same name has other limits",
      })
  void aBrokenLineIsNamedAndNotQuoted(String broken, String why) throws IOException {
    String text =
        broken.replace("GOOD", line("x", "").strip()).replace("SAME", line("a", "").strip());
    assertThatThrownBy(() -> load("# head\n" + line("a", "name=ann rpm=5") + text + "\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The key file " + directory.resolve("keys") + ", line 3: " + why)
        .hasMessageNotContaining("canary");
  }

  @Test
  void aFileThatIsNotThereIsRefusedAtTheStart() {
    assertThatThrownBy(() -> keys.setFile(directory.resolve("none").toString()))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void aHugeFileIsRefused() throws IOException {
    Path huge = file("#".repeat((4 << 20) + 1));
    assertThatThrownBy(() -> keys.setFile(huge.toString()))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void aChangedFileIsReadAgainAfterASecond() throws IOException {
    load(line("a", ""));
    file(line("b", "name=bob"));
    assertThat(keys.authenticate("b")).isNull();
    nextSecond();
    assertThat(keys.authenticate("b").id()).isEqualTo("bob");
    assertThat(keys.authenticate("a")).isNull();
  }

  @Test
  void aChangeThatLeavesSizeAndTimeAsTheyWereIsSeenToo() throws IOException {
    Path file = file(line("a", "name=ann"));
    FileTime modified = Files.getLastModifiedTime(file);
    keys.setFile(file.toString());
    file(line("b", "name=bob"));
    Files.setLastModifiedTime(file, modified);
    nextSecond();
    assertThat(keys.authenticate("b")).isNotNull();
  }

  @Test
  void aBrokenNewFileChangesNothingUntilItIsMended() throws IOException {
    load(line("a", ""));
    for (String broken : new String[] {"oops\n", "", "\n"}) {
      file(broken);
      nextSecond();
      assertThat(keys.authenticate("a")).isNotNull();
    }
    file(line("b", ""));
    nextSecond();
    assertThat(keys.authenticate("a")).isNull();
    assertThat(keys.authenticate("b")).isNotNull();
  }

  @Test
  void aFileThatHasGoneChangesNothingUntilItIsBack() throws IOException {
    load(line("a", ""));
    Files.delete(directory.resolve("keys"));
    nextSecond();
    assertThat(keys.authenticate("a")).isNotNull();
    file(line("b", ""));
    nextSecond();
    assertThat(keys.authenticate("a")).isNull();
  }

  @Test
  void aFileOfCommentsAloneLetsNoOneIn() throws IOException {
    load(line("a", ""));
    file("# all keys were withdrawn\n");
    nextSecond();
    assertThat(keys.authenticate("a")).isNull();
    assertThat(keys.isConfigured()).isTrue();
  }

  @Test
  void aKubernetesSecretThatIsSwappedIsSeen() throws IOException {
    // keys -> ..data/keys, ..data -> ..2026_01: the kubelet makes such links and replaces them so.
    Path first = Files.createDirectory(directory.resolve("..2026_01"));
    Files.writeString(first.resolve("keys"), line("a", ""));
    Files.createSymbolicLink(directory.resolve("..data"), Path.of("..2026_01"));
    Path link = Files.createSymbolicLink(directory.resolve("keys"), Path.of("..data/keys"));
    keys.setFile(link.toString());
    assertThat(keys.authenticate("a")).isNotNull();

    Path second = Files.createDirectory(directory.resolve("..2026_02"));
    Files.writeString(second.resolve("keys"), line("b", ""));
    Path fresh = Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of("..2026_02"));
    Files.move(fresh, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    nextSecond();

    assertThat(keys.authenticate("a")).isNull();
    assertThat(keys.authenticate("b")).isNotNull();
  }
}
