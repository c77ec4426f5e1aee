package io.caravan.app;

import io.caravan.settings.SettingOrigin;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.util.Collections;
import org.apache.camel.CamelContext;
import org.apache.camel.support.ResourceHelper;

/**
 * Opens the key store of TLS before the server does, whose own faults name neither the file nor the
 * setting; with some of them it never answers.
 */
final class KeyStoreCheck {
  private static final String STORE = "caravan.tls.key-store";
  private static final String PASSWORD = "caravan.tls.key-store-password";
  private static final String PEM = "-----BEGIN";

  private final CamelContext context;
  private final String location;

  private KeyStoreCheck(CamelContext context, String location) {
    this.context = context;
    this.location = location;
  }

  /**
   * Checks the store that Camel's settings name, if they name one.
   *
   * @throws IllegalArgumentException if it has no key that can be used; the message has the setting
   */
  static void check(CamelContext context) {
    String location = context.resolvePropertyPlaceholders("{{camel.ssl.keyStore:}}").strip();
    String password = context.resolvePropertyPlaceholders("{{camel.ssl.keystorePassword:}}");
    if (!location.isEmpty()) {
      new KeyStoreCheck(context, location).check(password.toCharArray());
    }
  }

  private void check(char[] password) {
    byte[] bytes = bytes();
    if (new String(bytes, StandardCharsets.ISO_8859_1).stripLeading().startsWith(PEM)) {
      throw fault(
          "which is a PEM file: make a PKCS#12 file of the certificate and its key"
              + " (openssl pkcs12 -export -in fullchain.pem -inkey privkey.pem -out caravan.p12)");
    }
    try {
      // It reads both kinds of files.
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(bytes), password);
      boolean key = false;
      for (String alias : Collections.list(store.aliases())) {
        key |= store.isKeyEntry(alias) && store.getKey(alias, password) != null;
      }
      if (!key) {
        throw fault("which has no private key");
      }
    } catch (IOException e) {
      boolean wrong = e.getCause() instanceof UnrecoverableKeyException;
      throw wrong ? wrongPassword(password) : fault("which is neither PKCS#12 nor JKS");
    } catch (GeneralSecurityException e) {
      throw wrongPassword(password);
    }
  }

  private byte[] bytes() {
    try (InputStream in = ResourceHelper.resolveMandatoryResourceAsInputStream(context, location)) {
      return in.readAllBytes();
    } catch (FileNotFoundException e) {
      throw fault("which doesn't exist");
    } catch (IllegalArgumentException e) {
      throw fault("which has no scheme that is known: write file: and the path, with slashes");
    } catch (IOException e) {
      throw fault("which can't be read: " + Faults.inOneLine(e));
    }
  }

  private IllegalArgumentException fault(String words) {
    String setting = SettingOrigin.ofKey(context, STORE).name();
    return new IllegalArgumentException(setting + " is " + location + ", " + words);
  }

  private IllegalArgumentException wrongPassword(char[] password) {
    String setting = SettingOrigin.ofKey(context, PASSWORD).name();
    return new IllegalArgumentException(
        setting
            + (password.length == 0 ? " is not set, and " : " is not the password of ")
            + location
            + (password.length == 0 ? " needs a password" : ""));
  }
}
