package io.caravan.models;

import io.caravan.exchange.ModelChoice;
import io.caravan.http.TlsFault;
import io.caravan.http.Unreachable;
import io.caravan.http.UpstreamIoException;
import io.caravan.provider.BaseUrl;
import io.caravan.provider.Provider;
import io.caravan.provider.UpstreamKey;
import io.caravan.settings.QuotationMarks;
import io.caravan.settings.Setting;
import io.caravan.settings.SettingOrigin;
import io.caravan.settings.Similar;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.apache.camel.CamelContext;

/**
 * Finds the settings with which the upstream of a configured model can't be called: its base URL,
 * its key, the model's name. It makes no call that costs more than the list of models, which is
 * requested at the start anyway.
 */
public final class UpstreamCheck {
  /** The faults that don't tell whether a port speaks TLS. */
  private static final Set<TlsFault> UNKNOWN =
      Set.of(TlsFault.NO_TLS, TlsFault.CUT, TlsFault.NO_AUTHORITIES, TlsFault.OTHER);

  private final CamelContext context;
  private final UpstreamModels lists;
  private final ModelDirectory directory;
  private final boolean listing;

  /**
   * A fault.
   *
   * @param text what is wrong, one sentence without its full stop
   * @param advice what to do, begun in lower case
   * @param mayWork whether calls may work all the same: a list may lack a model, and a server its
   *     list
   */
  public record Finding(String text, String advice, boolean mayWork) {
    Finding(String text, String advice) {
      this(text, advice, false);
    }

    /** Returns the finding as a line of the log. */
    public String line() {
      return text
          + (text.endsWith("?") ? " " : ". ")
          + advice.substring(0, 1).toUpperCase(Locale.ROOT)
          + advice.substring(1);
    }
  }

  /**
   * Makes a check.
   *
   * @param listing false to connect only, where lists of models are switched off
   */
  public UpstreamCheck(CamelContext context, boolean listing) {
    this.context = context;
    this.listing = listing;
    this.lists = context.getRegistry().findSingleByType(UpstreamModels.class);
    this.directory = context.getRegistry().findSingleByType(ModelDirectory.class);
  }

  /** Returns the providers of the configured models, without the demonstration. */
  public List<Provider> providers() {
    Set<String> names = new TreeSet<>();
    directory.allConfigured().forEach(full -> names.add(full.replaceFirst("/.*", "")));
    return directory.providersInUse().stream()
        .filter(provider -> names.contains(provider.getName()) && !provider.demonstration())
        .toList();
  }

  /** Returns the faults of a provider's settings; empty if none can be seen. */
  public List<Finding> of(Provider provider) {
    List<Finding> found = new ArrayList<>();
    BaseUrl.Fault fault = BaseUrl.fault(provider.getBaseUrl());
    if (fault != null) {
      found.add(ofUrl(provider, fault));
      return found;
    }
    Finding key = ofKey(provider);
    if (key != null) {
      found.add(key);
      return found;
    }
    RuntimeException failure =
        listing ? lists.firstFailure(provider) : lists.connectFailure(provider.modelsUrl());
    Finding call = failure == null ? null : ofCall(provider, failure);
    if (call != null) {
      found.add(call);
    } else if (failure == null && listing) {
      found.addAll(ofModels(provider));
    }
    return found;
  }

  private Finding ofUrl(Provider provider, BaseUrl.Fault fault) {
    String url = BaseUrl.shown(provider.getBaseUrl());
    return url.isEmpty()
        ? new Finding(name(provider) + " has no base URL", "set " + setting(provider).name())
        : new Finding(
            name(provider)
                + " can't be called: its base URL "
                + place(provider)
                + " "
                + fault.words(),
            advice(provider, fault.better()));
  }

  private static String name(Provider provider) {
    return provider.getName();
  }

  private Setting setting(Provider provider) {
    return SettingOrigin.ofBean(context, provider.getName(), "baseUrl");
  }

  private String place(Provider provider) {
    return BaseUrl.shown(provider.getBaseUrl()) + " " + setting(provider).inBrackets();
  }

  private String advice(Provider provider, String better) {
    return better == null
        ? "correct " + setting(provider).name()
        : "set " + setting(provider).name() + " to " + BaseUrl.shown(better);
  }

  private Finding ofKey(Provider provider) {
    String setting = provider.getKeySetting();
    String named = setting == null ? "the key of " + provider.getName() : setting;
    if (setting != null && !provider.hasKey() && provider.getBaseUrl().startsWith("https:")) {
      String similar =
          Similar.to(
              setting,
              System.getenv().keySet().stream()
                  .filter(name -> isKey(name) && !name.equals(setting))
                  .toList());
      return new Finding(
          name(provider) + " has no key",
          "set " + setting + (similar == null ? "" : "; there is a " + similar));
    }
    for (UpstreamKey key : provider.keys()) {
      String fault = ofText(key.secret());
      if (fault != null) {
        return new Finding(
            name(provider) + " will refuse its key, which " + fault, "correct " + named);
      }
    }
    return null;
  }

  private static boolean isKey(String variable) {
    return variable.endsWith("KEY") || variable.endsWith("TOKEN");
  }

  /** Returns what is wrong with the form of a key, without a word of it; null if nothing is. */
  static String ofText(String key) {
    if (QuotationMarks.isIn(key)) {
      return "has quotation marks around it";
    }
    if (key.matches("(?is)bearer\\s.*")) {
      return "begins with the word Bearer";
    }
    if (key.matches("\\$\\{?\\w+}?|%\\w+%|\\{\\{.*}}")) {
      return "is the name of a variable that nothing has replaced";
    }
    if (key.matches("(?s)(export )?[A-Z][A-Z0-9_]*=.*")) {
      return "begins with the name of a variable";
    }
    return key.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)
        ? "has a blank, a line's end or another character in it that no key has"
        : null;
  }

  private Finding ofCall(Provider provider, RuntimeException failure) {
    if (failure instanceof UpstreamIoException io) {
      return ofConnection(provider, io.getCause());
    }
    int status = failure instanceof NoListException refused ? refused.status() : 200;
    if (status == 401 || status == 403) {
      return ofRefusal(provider, status);
    }
    if (status == 429 || status >= 500) {
      return null;
    }
    String better = better(provider, failure);
    return new Finding(
        name(provider)
            + " has no list of models at "
            + BaseUrl.shown(provider.modelsUrl())
            + (status == 200 ? "" : " (HTTP " + status + ")")
            + ": its base URL seems to be wrong, "
            + place(provider),
        better == null
            ? "correct " + setting(provider).name() + ", unless that server has no such list"
            : "set " + setting(provider).name() + " to " + BaseUrl.shown(better),
        better == null);
  }

  private Finding ofConnection(Provider provider, Throwable cause) {
    String words = Unreachable.words(cause, provider.getBaseUrl());
    if (words == null) {
      return null;
    }
    String text = name(provider) + " can't be reached at " + place(provider) + ": " + words;
    if (cause instanceof SSLException tls) {
      return new Finding(text, advice(provider, otherScheme(provider, TlsFault.of(tls))));
    }
    String secure = otherScheme(provider, TlsFault.ONLY_TLS);
    if (Unreachable.isBroken(cause) && provider.getBaseUrl().startsWith("http:") && isTls(secure)) {
      return new Finding(text + "; there is TLS at that port", advice(provider, secure));
    }
    return new Finding(
        text,
        "start the server there, or set "
            + setting(provider).name()
            + " to where it is"
            + proxyAdvice());
  }

  /** Returns the URL without TLS, or with it, if the port speaks the other one; else null. */
  private static String otherScheme(Provider provider, TlsFault fault) {
    String rest = provider.getBaseUrl().replaceFirst("^\\w+", "");
    return switch (fault) {
      case NO_TLS -> "http" + rest;
      case ONLY_TLS -> "https" + rest;
      default -> null;
    };
  }

  /** Returns whether TLS is spoken there, if with a certificate that is not trusted. */
  private boolean isTls(String url) {
    UpstreamIoException failure = lists.connectFailure(url);
    if (failure == null) {
      return true;
    }
    return failure.getCause() instanceof SSLException tls && !UNKNOWN.contains(TlsFault.of(tls));
  }

  private String better(Provider provider, RuntimeException failure) {
    if (failure instanceof NoListException redirect && redirect.location() != null) {
      String target = redirect.location().replaceFirst("/models/?$", "");
      return target.matches("https?://.*") ? target : null;
    }
    return lists.firstWithList(provider, BaseUrl.others(provider.getBaseUrl()));
  }

  private Finding ofRefusal(Provider provider, int status) {
    String setting =
        provider.getKeySetting() == null
            ? "the key of " + provider.getName()
            : provider.getKeySetting();
    return provider.hasKey()
        ? new Finding(
            name(provider) + " refuses its key (HTTP " + status + ")",
            "set " + setting + " to a key that is valid there")
        : new Finding(name(provider) + " wants a key (HTTP " + status + ")", "set " + setting);
  }

  /** Java reads no variables for proxies, which other programs of the user may need. */
  private static String proxyAdvice() {
    for (String name : List.of("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")) {
      if (System.getenv(name) != null) {
        return "; a proxy such as that of " + name + " is set by caravan.upstream.proxy";
      }
    }
    return "";
  }

  private List<Finding> ofModels(Provider provider) {
    List<Finding> found = new ArrayList<>();
    Set<String> served = lists.served(provider.getName());
    String prefix = provider.getName() + "/";
    for (String full : directory.allConfigured()) {
      if (full.startsWith(prefix) && served != null) {
        String fault = unlisted(full.substring(prefix.length()), served);
        if (fault != null) {
          found.add(
              new Finding(
                  full + " is not in the list of models of " + name(provider), fault, true));
        }
      }
    }
    return found;
  }

  /** Returns advice for a model that a list does not name; null if it may be served. */
  static String unlisted(String model, Set<String> served) {
    String plain = ModelChoice.plain(model);
    boolean listed =
        served.size() < 2
            || plain.equals("auto")
            || served.stream().anyMatch(id -> id.equals(plain) || base(id).equals(base(plain)));
    if (listed) {
      return null;
    }
    Map<String, String> byBase = new TreeMap<>();
    served.forEach(id -> byBase.put(base(id), id));
    String similar = Similar.to(base(plain), byBase.keySet());
    if (similar != null) {
      return "did you mean " + byBase.get(similar) + "?";
    }
    String family = plain.replaceFirst(".*/", "").replaceFirst("[-_.:\\d].*", "");
    String others =
        served.stream()
            .filter(id -> !family.isEmpty() && id.contains(family))
            .limit(4)
            .collect(Collectors.joining(", "));
    return "choose another model; "
        + (others.isEmpty() ? served.size() + " are listed at /v1/models" : "there are " + others);
  }

  /** Returns a model's name without its variant or tag: {@code :latest}, {@code :free}. */
  private static String base(String id) {
    int colon = id.indexOf(':');
    return colon < 0 ? id : id.substring(0, colon);
  }
}
