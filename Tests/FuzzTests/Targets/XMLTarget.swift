import RunCore

@testable import PluginHost

/// Documents of providers, and what credentials put into documents of plugins.
enum XMLTarget {
    static func broken(by bytes: [UInt8]) -> String? {
        guard let value = try? XMLReader.read(bytes) else {
            let inserted = try? XMLElementInsertion.inserting("<token>t</token>", into: bytes)
            return inserted == nil ? nil : "an element was put into what is no document"
        }
        guard (try? XMLReader.read(bytes)) == value else { return "a document is read in two ways" }
        guard let inserted = try? XMLElementInsertion.inserting("<fuzz_token>t</fuzz_token>", into: bytes) else {
            return "a document takes no element"
        }
        guard let read = try? XMLReader.read(inserted) else { return "a document is none with an element in it" }
        return read["fuzz_token"] == nil ? "the element is not there" : nil
    }
}
