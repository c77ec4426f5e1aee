package io.caravan.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that only the same user's command and gateway believe each other. */
class ChallengeTest {
  private static final String HERE = "127.0.0.1:8085";

  @TempDir Path state;

  @Test
  void isReadBySomeoneWithTheSecretAlone() throws Exception {
    Secret secret = Secret.made(state.resolve("mine"));
    String header = new Challenge(Secret.nonce(), HERE).header(secret);

    assertThat(Challenge.of(header, HERE, secret)).isNotNull();
    assertThat(Challenge.of(header, HERE, Secret.made(state.resolve("other")))).isNull();
  }

  /** A program that holds the port could ask the real gateway, which listens elsewhere. */
  @Test
  void canNotBePassedOn() throws Exception {
    Secret secret = Secret.made(state);
    String header = new Challenge(Secret.nonce(), HERE).header(secret);

    assertThat(Challenge.of(header, "127.0.0.1:9000", secret)).isNull();
  }

  @Test
  void isNotAnsweredByItsOwnSignature() throws Exception {
    Secret secret = Secret.made(state);
    Challenge challenge = new Challenge(Secret.nonce(), HERE);
    String code = challenge.header(secret).replaceFirst(".*\\.", "");

    assertThat(secret.signed(challenge.answer(""), code)).isFalse();
    assertThat(
            secret.signed(
                challenge.answer("{}"), secret.sign(challenge.answer("{\"judge\":true}"))))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", ".", "nonce.", ".code", "nonce.code"})
  void refusesOtherHeaders(String header) throws Exception {
    assertThat(Challenge.of(header, HERE, Secret.made(state))).isNull();
  }

  @Test
  void namesAnAddressInOneForm() {
    assertThat(Challenge.address("0:0:0:0:0:0:0:1%lo", 1)).isEqualTo(Challenge.address("::1", 1));
  }

  @Test
  void isMadeOnceForItsUserAlone() throws Exception {
    Secret.made(state);

    Path file = state.resolve("secret");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    byte[] first = Files.readAllBytes(file);
    Secret.made(state);
    assertThat(Files.readAllBytes(file)).isEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw-----w-"})
  void isNotBelievedIfOthersCanReadOrWriteIt(String mode) throws Exception {
    Secret.made(state);
    Files.setPosixFilePermissions(state.resolve("secret"), PosixFilePermissions.fromString(mode));

    assertThat(Secret.existing(state)).isNull();
    assertThatThrownBy(() -> Secret.made(state))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("secret");
  }
}
