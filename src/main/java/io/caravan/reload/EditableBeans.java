package io.caravan.reload;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.SimpleRegistry;

/**
 * The beans of the registry. They can be read while they are edited, and the beans of an edit are
 * seen all at once: Camel's own registry is a plain map, from which a bean is missing for a moment
 * while it is replaced.
 */
final class EditableBeans implements Registry {
  private volatile SimpleRegistry published = new SimpleRegistry();

  /** The beans that the editing thread sees; null while nothing is edited. */
  private volatile SimpleRegistry draft;

  private volatile Thread editor;

  /** Begins an edit of the calling thread. What it binds is hidden from all others. */
  synchronized void begin() {
    editor = Thread.currentThread();
    draft = published;
  }

  /** Shows the beans of the edit to all threads. */
  synchronized void commit() {
    published = draft;
    cancel();
  }

  /** Drops the beans of the edit; does nothing if none is under way. */
  synchronized void cancel() {
    draft = null;
    editor = null;
  }

  private SimpleRegistry view() {
    SimpleRegistry edited = draft;
    return edited != null && Thread.currentThread() == editor ? edited : published;
  }

  @Override
  public Object lookupByName(String name) {
    return view().lookupByName(name);
  }

  @Override
  public <T> T lookupByNameAndType(String name, Class<T> type) {
    return view().lookupByNameAndType(name, type);
  }

  @Override
  public <T> Map<String, T> findByTypeWithName(Class<T> type) {
    return view().findByTypeWithName(type);
  }

  @Override
  public <T> Set<T> findByType(Class<T> type) {
    return view().findByType(type);
  }

  @Override
  public void bind(String id, Class<?> type, Object bean) {
    if (bean != null) {
      change(
          beans -> {
            beans.put(id, new LinkedHashMap<>(beans.getOrDefault(id, Map.of())));
            beans.bind(id, type, bean);
          });
    }
  }

  @Override
  public void unbind(String id) {
    change(beans -> beans.unbind(id));
  }

  /** A bean that another thread binds during an edit stays, however the edit ends. */
  private synchronized void change(Consumer<SimpleRegistry> change) {
    boolean mine = Thread.currentThread() == editor;
    if (draft != null) {
      draft = changed(draft, change);
    }
    if (!mine) {
      published = changed(published, change);
    }
  }

  private static SimpleRegistry changed(SimpleRegistry beans, Consumer<SimpleRegistry> change) {
    SimpleRegistry copy = new SimpleRegistry();
    copy.putAll(beans);
    change.accept(copy);
    return copy;
  }

  @Override
  public void bind(String id, Class<?> type, Object bean, String init, String destroy) {
    throw new UnsupportedOperationException("The registry around this one does that");
  }

  @Override
  public void bind(String id, Class<?> type, Supplier<Object> bean) {
    throw new UnsupportedOperationException("The registry around this one does that");
  }

  @Override
  public void bind(String id, Class<?> type, Supplier<Object> bean, String init, String destroy) {
    throw new UnsupportedOperationException("The registry around this one does that");
  }

  @Override
  public void bindAsPrototype(String id, Class<?> type, Supplier<Object> bean) {
    throw new UnsupportedOperationException("The registry around this one does that");
  }
}
