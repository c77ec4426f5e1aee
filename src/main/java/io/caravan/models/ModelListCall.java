package io.caravan.models;

import io.caravan.exchange.ClientInfo;
import io.caravan.exchange.UpstreamHeaders;
import io.caravan.http.Timeouts;
import io.caravan.http.UpstreamCall;
import io.caravan.http.UpstreamHttp;
import io.caravan.http.UpstreamIoException;
import io.caravan.provider.ModelDetails;
import io.caravan.provider.ModelList;
import io.caravan.provider.Provider;
import io.caravan.provider.UpstreamKey;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Requests an upstream's list of models, and what it says of each where the list says little. */
final class ModelListCall {
  private static final int LARGEST_LIST = 8 * 1024 * 1024;

  /** The most models of a list that are asked for one by one. */
  private static final int MOST_DETAILS = 200;

  /** The most pages of a list; Anthropic's have 20 models. */
  private static final int MOST_PAGES = 50;

  private final UpstreamHttp http;
  private final Provider provider;
  private final Timeouts timeouts;

  ModelListCall(UpstreamHttp http, Provider provider, Timeouts timeouts) {
    this.http = http;
    this.provider = provider;
    this.timeouts = timeouts;
  }

  /**
   * Returns the models of the list.
   *
   * @param wanted the models to ask for one by one, where the provider has a path for that
   * @param known what is known of the others
   * @throws IllegalArgumentException if the upstream sends no list; the message says what it sent
   * @throws UpstreamIoException if it can't be reached
   */
  List<ModelList.Entry> entries(Predicate<String> wanted, Function<String, ModelDetails> known) {
    Collection<ModelList.Entry> listed = listed(provider.modelsUrl());
    provider.recordService();
    if (provider.getShowPath() == null && provider.getLoadedPath() == null) {
      return List.copyOf(listed);
    }
    Map<String, Integer> loaded = loaded();
    List<ModelList.Entry> entries = new ArrayList<>();
    for (ModelList.Entry entry : listed) {
      boolean ask = wanted.test(entry.id()) && entries.size() < MOST_DETAILS;
      ModelDetails details = ask ? details(entry.id()) : known.apply(entry.id());
      Integer window = loaded.get(entry.id());
      // The window of a model that is loaded is the true one.
      entries.add(
          entry.with(window == null ? details : new ModelDetails(window, details.vision())));
    }
    return entries;
  }

  /** Returns the models of all pages, each once. */
  private Collection<ModelList.Entry> listed(String first) {
    Map<String, ModelList.Entry> listed = new LinkedHashMap<>();
    String url = first;
    for (int pages = 0; url != null && pages < MOST_PAGES; pages++) {
      String current = url;
      ModelList.Page page = ModelList.page(read(headers -> http.get(current, headers, timeouts)));
      int before = listed.size();
      page.entries().forEach(entry -> listed.putIfAbsent(entry.id(), entry));
      boolean ends = page.after() == null || listed.size() == before;
      url =
          ends
              ? null
              : first + "?after_id=" + URLEncoder.encode(page.after(), StandardCharsets.UTF_8);
    }
    return listed.values();
  }

  /** Returns whether a list of models is at another base URL. */
  boolean isAt(String baseUrl) {
    try {
      return !listed(baseUrl + "/models").isEmpty();
    } catch (IllegalArgumentException | UpstreamIoException e) {
      return false;
    }
  }

  private Map<String, Integer> loaded() {
    String url = provider.relativeUrl(provider.getLoadedPath());
    return url == null
        ? Map.of()
        : orElse(
            () -> ModelDetails.loaded(read(headers -> http.get(url, headers, timeouts))), Map.of());
  }

  private ModelDetails details(String model) {
    String url = provider.relativeUrl(provider.getShowPath());
    return url == null
        ? ModelDetails.UNKNOWN
        : orElse(
            () ->
                ModelDetails.ofModel(
                    read(
                        headers ->
                            http.post(url, headers, ModelDetails.question(model), timeouts))),
            ModelDetails.UNKNOWN);
  }

  /** Returns the answer, or the other value if there is none: the list stands without it. */
  private static <T> T orElse(Supplier<T> answer, T otherwise) {
    try {
      return answer.get();
    } catch (IllegalArgumentException | UpstreamIoException e) {
      return otherwise;
    }
  }

  /** Returns the response to the first key that the upstream doesn't refuse. */
  private byte[] read(Function<Map<String, String>, UpstreamCall> prepare) {
    List<UpstreamKey> keys = provider.keys();
    for (int i = 0; i < keys.size() - 1; i++) {
      byte[] body = read(prepare, keys.get(i).secret(), true);
      if (body != null) {
        return body;
      }
    }
    String last = keys.isEmpty() ? provider.callKey() : keys.get(keys.size() - 1).secret();
    return read(prepare, last, false);
  }

  /** Returns the response; null if the key is refused and there is another. */
  private byte[] read(
      Function<Map<String, String>, UpstreamCall> prepare, String key, boolean another) {
    Map<String, String> headers = UpstreamHeaders.of(provider, ClientInfo.UNKNOWN, key);
    headers.put("Accept", "application/json");
    try (UpstreamCall call = prepare.apply(headers)) {
      int status = call.open();
      provider.recordAnswer();
      if (another && (status == 401 || status == 403)) {
        return null;
      }
      if (status != 200) {
        throw new NoListException(status, call.header("location"));
      }
      return call.readUpTo(LARGEST_LIST);
    }
  }
}
