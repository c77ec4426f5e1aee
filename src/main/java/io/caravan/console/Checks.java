package io.caravan.console;

import io.caravan.anthropic.AnthropicException;
import io.caravan.anthropic.ErrorType;
import io.caravan.doctor.Finding;
import io.caravan.doctor.ModelCheck;
import io.caravan.doctor.ProviderCheck;
import io.caravan.models.ModelDirectory;
import io.caravan.models.UpstreamModels;
import io.caravan.provider.Provider;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.CamelContext;

/**
 * The doctor's checks of one model, or of a provider's list, when an operator asks for them. They
 * are real calls, which cost tokens and count against limits: there are few of them in a minute,
 * and one at a time.
 */
final class Checks {
  private static final int MOST_A_MINUTE = 10;

  private final PerMinute tries = new PerMinute(MOST_A_MINUTE);
  private final ReentrantLock running = new ReentrantLock();
  private final CamelContext context;
  private final ModelDirectory models;
  private final UpstreamModels lists;

  Checks(CamelContext context, ModelDirectory models, UpstreamModels lists) {
    this.context = context;
    this.models = models;
    this.lists = lists;
  }

  /**
   * Checks a configured model, or a provider. It takes as long as the calls do.
   *
   * @param name the full name of the model, or that of the provider
   * @throws AnthropicException if nothing of that name may be checked, or not now
   */
  List<Map<String, Object>> of(String name) {
    Provider provider = name.isEmpty() || name.contains("{{") ? null : provider(name);
    if (provider == null && !models.allConfigured().contains(name)) {
      throw refused(ErrorType.NOT_FOUND, "No configured model or provider has that name");
    }
    if (!tries.mayTry()) {
      throw refused(ErrorType.RATE_LIMIT, "Too many checks; wait a minute");
    }
    if (!running.tryLock()) {
      throw refused(ErrorType.RATE_LIMIT, "Another check is under way");
    }
    try {
      List<Finding> findings = new ArrayList<>();
      if (provider == null) {
        ModelCheck.examine(context, models.choose(name), findings::add);
      } else {
        list(provider, findings);
      }
      return findings.stream().map(Checks::view).toList();
    } finally {
      running.unlock();
    }
  }

  private Provider provider(String name) {
    return context.getRegistry().lookupByNameAndType(name, Provider.class);
  }

  private void list(Provider provider, List<Finding> findings) {
    if (!ProviderCheck.examine(context, provider, findings::add)) {
      return;
    }
    int number = lists.idsOf(provider).size();
    UpstreamModels.Listing listing = lists.listings().get(provider.getName());
    String failure = listing == null ? null : listing.failure();
    findings.add(
        failure == null
            ? Finding.ok(provider.getName(), "lists " + number + " models")
            : Finding.problem(
                provider.getName(),
                "gives no list of models: " + Settings.withoutCredentials(failure),
                "try again in a while"));
  }

  private static Map<String, Object> view(Finding finding) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("level", finding.level().name().toLowerCase(Locale.ROOT));
    view.put("subject", finding.subject());
    view.put("text", finding.text());
    view.put("advice", finding.advice());
    return view;
  }

  private static AnthropicException refused(ErrorType type, String message) {
    return new AnthropicException(type, type.status(), message, null, false, null);
  }
}
