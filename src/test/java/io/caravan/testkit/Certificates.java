package io.caravan.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Certificates of an authority of its own, made by the JDK's keytool in a PKCS#12 file. */
public final class Certificates {
  private static final String PASSWORD = "test-password";

  private final Path file;

  /** Makes an authority, whose certificate is alone in {@link #trusted()}. */
  public Certificates(Path directory) throws IOException, InterruptedException {
    file = directory.resolve("certificates.p12");
    make("ca", "CN=Test authority", "-ext", "bc=ca:true");
    keytool("-exportcert", "-alias", "ca", "-file", file + ".cer");
    run(
        "-importcert",
        "-noprompt",
        "-keystore",
        trusted().toString(),
        "-storepass",
        PASSWORD,
        "-storetype",
        "PKCS12",
        "-alias",
        "ca",
        "-file",
        file + ".cer");
  }

  /** Returns the file that a client must trust, and its password. */
  public Path trusted() {
    return file.resolveSibling("trusted.p12");
  }

  public String password() {
    return PASSWORD;
  }

  /**
   * Makes a certificate of the authority.
   *
   * @param options further options of keytool, such as a start
   */
  public void sign(String alias, String names, String... options)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("-signer", "ca", "-ext", "SAN=" + names));
    all.addAll(List.of(options));
    make(alias, "CN=" + alias, all.toArray(String[]::new));
  }

  /** Makes a certificate that is signed by itself. */
  public void selfSigned(String alias, String names) throws IOException, InterruptedException {
    make(alias, "CN=" + alias, "-ext", "SAN=" + names);
  }

  private void make(String alias, String name, String... options)
      throws IOException, InterruptedException {
    List<String> all =
        new ArrayList<>(List.of("-genkeypair", "-alias", alias, "-keyalg", "EC", "-dname", name));
    all.addAll(List.of(options));
    keytool(all.toArray(String[]::new));
  }

  private void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(
        List.of("-keystore", file.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
    run(all.toArray(String[]::new));
  }

  private static void run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    Process keytool =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).as(command.toString()).isZero();
  }

  /** Returns the TLS of a server with one of the certificates. */
  public SSLContext server(String alias) throws IOException, GeneralSecurityException {
    KeyStore all = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      all.load(in, PASSWORD.toCharArray());
    }
    KeyStore one = KeyStore.getInstance("PKCS12");
    one.load(null, null);
    one.setKeyEntry(
        alias,
        all.getKey(alias, PASSWORD.toCharArray()),
        PASSWORD.toCharArray(),
        all.getCertificateChain(alias));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(one, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }
}
