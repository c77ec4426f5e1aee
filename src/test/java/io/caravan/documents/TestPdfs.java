package io.caravan.documents;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.pdfbox.pdmodel.graphics.image.LosslessFactory;

/** Makes PDFs for tests, good ones and those that are made to exhaust their reader. */
public final class TestPdfs {
  private TestPdfs() {}

  /** Returns a PDF with a page for each text; a line is one of the page, and a tab goes right. */
  public static byte[] pages(List<String> texts) {
    return made(document -> texts.forEach(text -> page(document, text)));
  }

  /** Returns a PDF of one page that is an image. */
  public static byte[] scan() {
    return made(
        document -> {
          BufferedImage image = new BufferedImage(1240, 1754, BufferedImage.TYPE_INT_RGB);
          Graphics2D graphics = image.createGraphics();
          graphics.setColor(Color.WHITE);
          graphics.fillRect(0, 0, 1240, 1754);
          graphics.setColor(Color.BLACK);
          graphics.fillRect(100, 100, 900, 60);
          graphics.dispose();
          PDPage page = new PDPage();
          document.addPage(page);
          try (PDPageContentStream content = new PDPageContentStream(document, page)) {
            content.drawImage(LosslessFactory.createFromImage(document, image), 0, 0, 595, 842);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** Returns a PDF that opens with a password only. */
  public static byte[] encrypted() {
    return made(
        document -> {
          page(document, "secret");
          try {
            document.protect(new StandardProtectionPolicy("owner", "user", new AccessPermission()));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** Returns a PDF whose font has a map of so many zeros, compressed to a thousandth. */
  public static byte[] hugeStream(int megabytes) {
    return file(
        "/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 4 0 R>>>>>>",
        "/FlateDecode",
        repeated(new byte[1024 * 1024], megabytes),
        "BT /F 12 Tf 50 50 Td (a) Tj ET");
  }

  /** Returns a PDF whose page writes a text so many times. */
  public static byte[] endlessText(int megabytes) {
    byte[] some = ascii("(a) Tj 1 0 Td \n".repeat(70_000));
    return file("", "/FlateDecode", repeated(some, megabytes), "");
  }

  /** Returns a PDF whose page content is a huge array of arrays. */
  public static byte[] deep(int depth) {
    return file("", null, ascii("[".repeat(depth) + "]".repeat(depth)), "");
  }

  /** Returns a PDF with a page whose dictionary has arrays in arrays. */
  public static byte[] deepObject(int depth) {
    return file("/Deep " + "[".repeat(depth) + "]".repeat(depth), null, new byte[0], "");
  }

  /** Returns small PDFs that take a reader long or much, by what they have. */
  public static Map<String, byte[]> bombs() {
    String page = "/MediaBox[0 0 600 800]/Contents 4 0 R/Resources";
    Map<String, byte[]> bombs = new LinkedHashMap<>();
    List<byte[]> forms = new ArrayList<>();
    forms.add(stream("", ascii("/F5 Do ".repeat(10))));
    for (int number = 5; number < 20; number++) {
      String inner = number == 19 ? "1 0 0 1 0 0 cm " : "/F" + (number + 1) + " Do ";
      forms.add(
          stream(
              "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F%d %d 0 R>>>>"
                  .formatted(number + 1, number + 1),
              ascii(inner.repeat(10))));
    }
    bombs.put("forms in forms", objects(page + "<</XObject<</F5 5 0 R>>>>", forms));
    bombs.put(
        "an image of gigabytes",
        objects(
            page + "<</XObject<</I 5 0 R>>>>",
            List.of(
                stream("", ascii("600 0 0 800 0 0 cm /I Do")),
                stream(
                    "/Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 8"
                        + "/ColorSpace/DeviceRGB/Filter/FlateDecode",
                    repeated(new byte[1024], 1)))));
    bombs.put(
        "dashes without number",
        objects(
            page + "<<>>", List.of(stream("", ascii("[0.00001 0.00001] 0 d 0 0 m 600 800 l S")))));
    bombs.put(
        "tiles without number",
        objects(
            page + "<</Pattern<</P 5 0 R>>>>",
            List.of(
                stream("", ascii("/Pattern cs /P scn 0 0 600 800 re f")),
                stream(
                    "/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep 0.00001/YStep 0.00001"
                        + "/Resources<<>>",
                    ascii("0 0 1 1 re f")))));
    bombs.put(
        "a stream that is compressed twice",
        objects(
            page + "<<>>",
            List.of(
                stream(
                    "/Filter[/FlateDecode/FlateDecode]",
                    repeated(repeated(new byte[1024 * 1024], 400), 1)))));
    bombs.put(
        "a page of any size",
        objects(
            "/MediaBox[0 0 0.000001 99999999999]/Contents 4 0 R", List.of(stream("", ascii("")))));
    bombs.put(
        "pages that hold themselves",
        ascii(
            """
            %PDF-1.4
            1 0 obj
            <</Type/Catalog/Pages 2 0 R>>
            endobj
            2 0 obj
            <</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000000000>>
            endobj
            trailer
            <</Root 1 0 R>>
            %%EOF
            """));
    return bombs;
  }

  private static byte[] stream(String dictionary, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ascii("<</Length " + content.length + dictionary + ">>\nstream\n"));
    out.writeBytes(content);
    out.writeBytes(ascii("\nendstream"));
    return out.toByteArray();
  }

  /** Returns a file of one page, and of further objects from number 4. */
  private static byte[] objects(String page, List<byte[]> further) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        ascii(
            "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
                + "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
                + "3 0 obj\n<</Type/Page/Parent 2 0 R"
                + page
                + ">>\nendobj\n"));
    for (int i = 0; i < further.size(); i++) {
      out.writeBytes(ascii((i + 4) + " 0 obj\n"));
      out.writeBytes(further.get(i));
      out.writeBytes(ascii("\nendobj\n"));
    }
    out.writeBytes(ascii("trailer\n<</Root 1 0 R>>\n%%EOF\n"));
    return out.toByteArray();
  }

  /**
   * Writes a file by hand.
   *
   * @param stream the content of the page, or of what {@code more} refers to
   * @param page the content of the page if the stream is not
   */
  private static byte[] file(String more, String filter, byte[] stream, String page) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        ascii(
            "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
                + "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
                + "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents "
                + (page.isEmpty() ? "4 0 R" : "5 0 R")
                + more
                + ">>\nendobj\n"));
    object(out, 4, filter, stream);
    object(out, 5, null, ascii(page));
    out.writeBytes(ascii("trailer\n<</Root 1 0 R>>\n%%EOF\n"));
    return out.toByteArray();
  }

  private static void object(ByteArrayOutputStream out, int number, String filter, byte[] stream) {
    String filters = filter == null ? "" : "/Filter" + filter;
    out.writeBytes(ascii(number + " 0 obj\n<</Length " + stream.length + filters + ">>\nstream\n"));
    out.writeBytes(stream);
    out.writeBytes(ascii("\nendstream\nendobj\n"));
  }

  private static byte[] repeated(byte[] some, int times) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(out, new Deflater(1))) {
      for (int i = 0; i < times; i++) {
        deflater.write(some);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static void page(PDDocument document, String text) {
    PDPage page = new PDPage();
    document.addPage(page);
    try (PDPageContentStream content = new PDPageContentStream(document, page)) {
      content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 11);
      float y = 740;
      for (String line : text.split("\n", -1)) {
        float x = 60;
        for (String cell : line.split("\t", -1)) {
          content.beginText();
          content.newLineAtOffset(x, y);
          content.showText(cell);
          content.endText();
          x += 150;
        }
        y -= 14;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] made(Consumer<PDDocument> content) {
    try (PDDocument document = new PDDocument()) {
      content.accept(document);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      document.save(out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
