import RunCore
import Testing

struct SafeFileNameTests {
    @Test(arguments: [
        ("export.csv", "export.csv"),
        ("Ünï cödé 数据.csv", "Ünï cödé 数据.csv"),
        ("👩‍👩‍👧.zip", "👩‍👩‍👧.zip"),
        ("", "artifact"),
        (".", "artifact"),
        ("..", "artifact"),
        ("...", "artifact"),
        (" - ", "artifact"),
        ("\u{0}\u{1}\u{7F}\u{85}", "artifact"),
        (".bashrc", "bashrc"),
        ("--rf", "rf"),
        ("-.-x", "x"),
        ("/etc/passwd", "_etc_passwd"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a/b\\c", "a_b_c"),
        ("a\u{0}b\nc\td", "abcd"),
        ("invoice\u{202E}fdp.exe", "invoicefdp.exe"),
        ("a\u{2066}\u{FEFF}\u{200B}\u{2028}\u{E0041}b", "ab"),
        ("\u{202E}.x", "x"),
        ("  a b  ", "a b"),
        ("a.", "a."),
    ])
    func namesAreReducedToOneComponent(wished: String, made: String) {
        #expect(SafeFileName.make(wished) == made)
    }

    @Test(arguments: [
        String(repeating: "a", count: 1000) + ".csv",
        String(repeating: "é", count: 500) + ".tar.gz",
        String(repeating: "👩‍👩‍👧", count: 40) + ".zip",
        "a" + String(repeating: "\u{301}", count: 500) + ".csv",
        String(repeating: "x.", count: 300),
        String(repeating: " ", count: 150) + "y" + String(repeating: " ", count: 150) + "z.csv",
        String(repeating: "../", count: 100),
        String(repeating: "a", count: 196) + "  . b",
    ])
    func longNamesAreCut(wished: String) {
        let made = SafeFileName.make(wished)
        #expect((1...SafeFileName.limit).contains(made.utf8.count))
        #expect(!made.contains("/") && !made.hasPrefix(".") && !made.hasPrefix("-"))
        #expect(SafeFileName.make(made) == made)
    }

    @Test func cutNameKeepsItsType() {
        let long = String(repeating: "é", count: 500)
        #expect(SafeFileName.make(long + ".csv") == String(repeating: "é", count: 98) + ".csv")
        #expect(SafeFileName.make(long + ".csv.gz").hasSuffix("é.csv.gz"))
        #expect(SafeFileName.make(long + ".no type").hasSuffix("é"))
        #expect(SafeFileName.make("a" + String(repeating: "\u{301}", count: 500) + ".csv") == "artifact.csv")
    }

    @Test func everyNameMadeIsSafeAndStays() {
        let scalars = ["/", "\\", ".", "-", " ", "\u{0}", "\u{202E}", "a", "é", "\u{301}", "\u{200D}", "\n", "~"]
        for first in scalars {
            for second in scalars {
                for third in scalars {
                    let made = SafeFileName.make(first + second + third)
                    #expect(SafeFileName.make(made) == made)
                    #expect(!made.isEmpty && made != "." && made != "..")
                    #expect(!made.contains { "/\\\u{0}\u{202E}\n".contains($0) })
                    #expect(!made.hasPrefix(".") && !made.hasPrefix("-"))
                }
            }
        }
    }

    @Test(arguments: [
        ("data.csv", "data", ".csv"),
        ("data.csv.gz", "data", ".csv.gz"),
        ("data.GZ", "data", ".GZ"),
        ("README", "README", ""),
        (".csv", ".csv", ""),
        ("a.b c", "a.b c", ""),
        ("a.", "a.", ""),
        ("a.abcdefghijklmnopq", "a.abcdefghijklmnopq", ""),
    ])
    func namesAreSplitBeforeTheirType(name: String, stem: String, suffix: String) {
        let split = SafeFileName.split(name)
        #expect(split.stem == stem)
        #expect(split.suffix == suffix)
    }

    @Test(arguments: [
        ("attachment; filename=\"export.csv\"", "export.csv"),
        ("attachment; filename=export.csv", "export.csv"),
        ("attachment;FileName = export.csv ; size=3", "export.csv"),
        ("attachment; filename=my export.csv", "my export.csv"),
        ("attachment; filename=\"a;b=\\\"c\\\".csv\"", "a;b=\"c\".csv"),
        ("attachment; filename=\"EURO.csv\"; filename*=UTF-8''%E2%82%AC%20x.csv", "€ x.csv"),
        ("attachment; filename*=utf-8'en'na%C3%AFve.csv; filename=x", "naïve.csv"),
        ("attachment; filename*=iso-8859-1''na%EFve.csv", "naïve.csv"),
        ("attachment; filename*=koi8-r''%C1; filename=plain.csv", "plain.csv"),
        ("attachment; filename*=broken; filename=plain.csv", "plain.csv"),
        ("attachment; filename=one.csv; filename=two.csv", "one.csv"),
        ("attachment; filename=\"../../etc/passwd\"", "passwd"),
        ("attachment; filename*=UTF-8''..%2F..%2F.ssh%2Fid", "id"),
        ("attachment; filename*=UTF-8''%2e%2e", "artifact"),
        ("attachment; filename=\"unclosed.csv", "unclosed.csv"),
        ("attachment; filename*=UTF-8''%E2%82.csv%zz%", "\u{FFFD}.csv%zz%"),
    ])
    func contentDispositionNamesAFile(field: String, name: String) {
        #expect(SafeFileName.from(contentDisposition: field) == name)
    }

    @Test(arguments: [
        "", "attachment", "inline; size=3", "attachment; filename=\"\"", "attachment; filename=/", "filename",
    ])
    func contentDispositionWithoutANameIsNil(field: String) {
        #expect(SafeFileName.from(contentDisposition: field) == nil)
    }

    @Test(arguments: [
        ("https://example.org/a/b/export.csv", "export.csv"),
        ("https://example.org/a/export.csv?token=a/b#c", "export.csv"),
        ("https://example.org/a/", "a"),
        ("https://example.org/%E2%82%AC%20x.csv", "€ x.csv"),
        ("https://example.org/a%2F..%2Fb", "a_.._b"),
        ("https://example.org/%2e%2e", "artifact"),
        ("https://example.org", "artifact"),
        ("https://example.org/?file=x.csv", "artifact"),
        ("/files/export.csv", "export.csv"),
        ("", "artifact"),
    ])
    func urlNamesAFile(url: String, name: String) {
        #expect(SafeFileName.from(url: url) == name)
    }
}
