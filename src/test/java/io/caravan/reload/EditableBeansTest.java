package io.caravan.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class EditableBeansTest {
  private final EditableBeans beans = new EditableBeans();

  @Test
  void showsAnEditToOthersAtItsEnd() {
    bind("a", "old");

    beans.begin();
    beans.unbind("a");
    assertThat(elsewhere("a")).isEqualTo("old");
    bind("a", "new");
    bind("b", "added");
    assertThat(beans.lookupByName("a")).isEqualTo("new");
    assertThat(elsewhere("a")).isEqualTo("old");
    assertThat(elsewhere("b")).isNull();
    beans.commit();

    assertThat(elsewhere("a")).isEqualTo("new");
    assertThat(elsewhere("b")).isEqualTo("added");
  }

  @Test
  void forgetsAnEditThatFails() {
    bind("a", "old");

    beans.begin();
    bind("a", "new");
    beans.cancel();

    assertThat(beans.lookupByName("a")).isEqualTo("old");
  }

  @Test
  void keepsWhatOthersBindMeanwhile() {
    beans.begin();
    CompletableFuture.runAsync(() -> bind("other", "bound")).join();
    assertThat(elsewhere("other")).isEqualTo("bound");
    beans.commit();

    assertThat(beans.lookupByName("other")).isEqualTo("bound");
  }

  @Test
  void canBeChangedWhileItIsRead() {
    bind("a", "old");
    var before = beans.findByTypeWithName(String.class);

    bind("b", "new");

    assertThat(before).containsOnlyKeys("a");
    assertThat(beans.findByTypeWithName(String.class)).containsOnlyKeys("a", "b");
  }

  private void bind(String name, String bean) {
    beans.bind(name, String.class, bean);
  }

  private Object elsewhere(String name) {
    return CompletableFuture.supplyAsync(() -> beans.lookupByName(name)).join();
  }
}
