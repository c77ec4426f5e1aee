package io.caravan.http;

import java.io.EOFException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.core5.ssl.SSLInitializationException;

/**
 * The reason why an upstream can't be called securely, in words for whoever configures it. The JDK
 * reports all of them as one exception, whose causes differ.
 */
public enum TlsFault {
  /** The certificate has expired. */
  EXPIRED("its certificate has expired"),
  /** The certificate is of the future, by this machine's clock. */
  NOT_YET_VALID("its certificate is not valid yet; compare the clocks"),
  /** The certificate is of another host. */
  OTHER_HOST("its certificate is for another host than its baseUrl names"),
  /** The certificate is of nobody known: signed by itself, or by a company's own authority. */
  UNTRUSTED(
      "its certificate's issuer is not trusted; docs/operate.md says how Java comes to trust it"),
  /** Java can't read its own list of authorities, or it is empty. */
  NO_AUTHORITIES(
      "Java can't read its list of authorities; look at javax.net.ssl.trustStore and its password"),
  /** The server speaks plain HTTP. */
  NO_TLS("there is no TLS at that port; should its baseUrl begin with http://?"),
  /** The server speaks TLS and was called without. */
  ONLY_TLS("there is TLS at that port; should its baseUrl begin with https://?"),
  /** The connection ended in the handshake, as behind a balancer that restarts. */
  CUT("the connection ended in the TLS handshake"),
  /** No common protocol, a client's certificate is wanted, or anything else. */
  OTHER("the TLS handshake failed");

  /** The message of the failure that {@link ReadAheadResponses} reports. */
  static final String SPEAKS_TLS = "the server speaks TLS";

  private final String words;

  TlsFault(String words) {
    this.words = words;
  }

  /** Returns words for the client and the log. */
  public String words() {
    return words;
  }

  /** Returns the reason of a failure. */
  public static TlsFault of(SSLException failure) {
    TlsFault found = ofMessage(failure);
    for (Throwable cause = failure; cause != null && found == OTHER; cause = cause.getCause()) {
      found = ofCause(cause);
    }
    return found;
  }

  private static TlsFault ofMessage(SSLException failure) {
    String message = String.valueOf(failure.getMessage());
    if (message.equals(SPEAKS_TLS)) {
      return ONLY_TLS;
    }
    return message.startsWith("Unsupported or unrecognized SSL message") ? NO_TLS : OTHER;
  }

  private static TlsFault ofCause(Throwable cause) {
    if (cause instanceof CertificateExpiredException) {
      return EXPIRED;
    }
    if (cause instanceof CertificateNotYetValidException) {
      return NOT_YET_VALID;
    }
    if (cause instanceof SSLPeerUnverifiedException) {
      return OTHER_HOST;
    }
    if (cause instanceof CertPathBuilderException || isUntrusted(cause)) {
      return UNTRUSTED;
    }
    // The JDK keeps to itself why it has no authorities, and then trusts nobody.
    if (cause instanceof SSLInitializationException
        || cause instanceof InvalidAlgorithmParameterException
        || String.valueOf(cause.getMessage()).startsWith("No X509TrustManager")) {
      return NO_AUTHORITIES;
    }
    // Of exactly this class where the name in the certificate is another one.
    if (cause.getClass() == CertificateException.class) {
      return OTHER_HOST;
    }
    boolean cut = cause instanceof EOFException || cause instanceof java.net.SocketException;
    return cut ? CUT : OTHER;
  }

  private static boolean isUntrusted(Throwable cause) {
    // With a cause of its own it is about the dates.
    return cause instanceof CertPathValidatorException && cause.getCause() == null;
  }

  /** Returns whether another attempt may succeed without any change. */
  public boolean passes() {
    return this == CUT;
  }
}
