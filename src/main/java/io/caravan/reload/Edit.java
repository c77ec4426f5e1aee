package io.caravan.reload;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The changes between two times: the beans that are made anew, and the files whose routes are. A
 * comment changes nothing. A bean stays as it is if its own lines are as they were, with all that
 * it has learned and counted.
 */
final class Edit {
  /** The name of a bean of the text where another one refers to it. */
  private static final String REFERENCE = "bean:";

  private final Set<String> beans = new TreeSet<>();
  private final Set<String> later = new TreeSet<>();
  private final Set<String> removed = new TreeSet<>();
  private final Set<String> exchanged = new LinkedHashSet<>();
  private final Map<String, String> texts = new LinkedHashMap<>();

  private Edit() {}

  /** Compares the files that are in force with those of now. */
  static Edit between(RouteSources before, RouteSources now) {
    Edit edit = new Edit();
    Map<String, RouteText> old = parse(before);
    Map<String, RouteText> fresh = parse(now);
    edit.findBeans(inForce(old), inForce(fresh));
    edit.findRoutes(old, fresh);
    edit.cut(fresh);
    return edit;
  }

  /** Returns whether all goes on as it is: only comments were edited, for example. */
  boolean changesNothing() {
    return beans.isEmpty() && later.isEmpty() && removed.isEmpty() && exchanged.isEmpty();
  }

  /** Returns the names of the beans whose edit takes effect at the next start. */
  Set<String> later() {
    return later;
  }

  /** Returns the paths of the files whose routes are made anew or go. */
  Set<String> exchanged() {
    return exchanged;
  }

  /** Returns what is to be loaded, by path: a file's text with blank lines for all that stays. */
  Map<String, String> texts() {
    return texts;
  }

  private void findBeans(Map<String, RouteText.Bean> old, Map<String, RouteText.Bean> fresh) {
    removed.addAll(old.keySet());
    removed.removeAll(fresh.keySet());
    for (Map.Entry<String, RouteText.Bean> bean : fresh.entrySet()) {
      RouteText.Bean was = old.get(bean.getKey());
      if (was == null) {
        beans.add(bean.getKey());
      } else if (!was.value().equals(bean.getValue().value())) {
        boolean held = hasState(was) || hasState(bean.getValue()) || isPart(was, fresh.values());
        (held ? later : beans).add(bean.getKey());
      }
    }
  }

  /** A second one would open again, or close, what the first one holds. */
  private static boolean hasState(RouteText.Bean bean) {
    return bean.value().containsKey("initMethod") || bean.value().containsKey("destroyMethod");
  }

  /** Other beans hold it; they would go on with the old one. */
  private static boolean isPart(RouteText.Bean bean, Collection<RouteText.Bean> all) {
    Predicate<String> refers = text -> text.equals("#" + REFERENCE + bean.name());
    return all.stream().anyMatch(other -> anyText(other.value(), refers));
  }

  private void findRoutes(Map<String, RouteText> old, Map<String, RouteText> fresh) {
    Predicate<String> refers =
        text ->
            beans.contains(text)
                || (text.contains(REFERENCE)
                    && beans.contains(
                        text.substring(text.indexOf(REFERENCE) + REFERENCE.length())));
    Set<String> paths = new TreeSet<>(old.keySet());
    paths.addAll(fresh.keySet());
    boolean configuration = false;
    for (String path : paths) {
      List<Object> were = others(old, path);
      List<Object> are = others(fresh, path);
      if (!were.equals(are) || anyText(are, refers)) {
        exchanged.add(path);
        configuration |= !configurations(were).equals(configurations(are));
        configuration |= anyText(configurations(are), refers);
      }
    }
    if (configuration) {
      exchanged.addAll(fresh.keySet());
    }
  }

  private static List<Object> others(Map<String, RouteText> files, String path) {
    return files.containsKey(path) ? files.get(path).others() : List.of();
  }

  /** A route keeps the configuration with which it was made. */
  private static List<Object> configurations(List<Object> elements) {
    return elements.stream()
        .filter(each -> each instanceof Map<?, ?> map && map.containsKey("routeConfiguration"))
        .toList();
  }

  private static boolean anyText(Object value, Predicate<String> wanted) {
    if (value instanceof Map<?, ?> map) {
      return map.values().stream().anyMatch(each -> anyText(each, wanted));
    }
    if (value instanceof Collection<?> list) {
      return list.stream().anyMatch(each -> anyText(each, wanted));
    }
    return wanted.test(String.valueOf(value));
  }

  private void cut(Map<String, RouteText> fresh) {
    Map<String, String> homes = new LinkedHashMap<>();
    fresh.forEach((path, file) -> file.beans().forEach(bean -> homes.put(bean.name(), path)));
    fresh.forEach(
        (path, file) -> {
          String kept =
              file.keeping(
                  exchanged.contains(path),
                  bean -> beans.contains(bean) && path.equals(homes.get(bean)));
          if (!kept.isEmpty()) {
            texts.put(path, kept);
          }
        });
  }

  private static Map<String, RouteText> parse(RouteSources sources) {
    Map<String, RouteText> files = new LinkedHashMap<>();
    sources.files().forEach((path, file) -> files.put(path, RouteText.parse(file.text())));
    return files;
  }

  /** Returns the beans by name; the last one of a name is in force. */
  private static Map<String, RouteText.Bean> inForce(Map<String, RouteText> files) {
    Map<String, RouteText.Bean> beans = new LinkedHashMap<>();
    files.values().forEach(file -> file.beans().forEach(bean -> beans.put(bean.name(), bean)));
    return beans;
  }
}
