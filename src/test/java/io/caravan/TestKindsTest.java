package io.caravan;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.caravan.corpus.Case;
import io.caravan.corpus.CorpusTest;
import io.caravan.limits.redis.RedisServer;
import io.caravan.testkit.CaravanProcess;
import io.caravan.testkit.Gateway;
import io.caravan.testkit.OneRun;
import io.caravan.testkit.ScriptedUpstream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import org.apache.camel.main.Main;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Unit tests ({@code *Test}) run in seconds and don't depend on time: whatever starts a server or a
 * process, or waits, is an integration test ({@code *IT}).
 */
class TestKindsTest {
  private static final String UNIT_TEST = ".*Test(\\$.*)?";

  private static final DescribedPredicate<JavaClass> STARTERS =
      belongToAnyOf(
          Gateway.class,
          CaravanProcess.class,
          OneRun.class,
          ScriptedUpstream.class,
          RedisServer.class,
          Main.class,
          ProcessBuilder.class,
          ServerSocket.class,
          Socket.class,
          HttpClient.class,
          Awaitility.class);

  /** The rules ask for names alone, so that no library need be read. */
  private static final JavaClasses TESTS =
      ArchConfiguration.withThreadLocalScope(
          configuration -> {
            configuration.setResolveMissingDependenciesFromClassPath(false);
            return new ClassFileImporter()
                .withImportOption(new ImportOption.OnlyIncludeTests())
                .importPackages("io.caravan");
          });

  @Test
  void unitTestsStartNothingAndDoNotWait() {
    noClasses()
        .that()
        .haveNameMatching(UNIT_TEST)
        .and()
        .doNotBelongToAnyOf(TestKindsTest.class)
        .should()
        .dependOnClassesThat(STARTERS)
        .check(TESTS);
  }

  @Test
  void unitTestsLookAtNoClock() {
    noClasses()
        .that()
        .haveNameMatching(UNIT_TEST)
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .check(TESTS);
  }

  /** Without the annotation neither {@code -Dcase} nor the file's name in a failure works. */
  @Test
  void testsOfCasesAreCorpusTests() {
    methods()
        .that(takeACase())
        .and()
        .arePackagePrivate()
        .and()
        .areNotStatic()
        .should()
        .beAnnotatedWith(CorpusTest.class)
        .check(TESTS);
  }

  private static DescribedPredicate<JavaMethod> takeACase() {
    return new DescribedPredicate<>("take a case of the corpus") {
      @Override
      public boolean test(JavaMethod method) {
        return method.getOwner().getSimpleName().endsWith("CorpusTest")
            && method.getRawParameterTypes().stream()
                .anyMatch(type -> type.isAssignableTo(Case.class));
      }
    };
  }
}
