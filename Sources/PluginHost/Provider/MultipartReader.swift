import Foundation
import RunCore

/// Makes a body of several parts from what a plugin says of them.
struct MultipartReader {
    let filler: ValueFiller
    /// The paths that the user gave for a setting or parameter of the type `file`: no other file is read.
    let userFiles: Set<String>

    /// Bytes of all parts together, at most.
    static let largest = 64 << 20

    /// The parts in the order of their names; a part without a value is left out.
    func body(_ table: JSONValue) throws(PluginFault) -> MultipartBody {
        var parts: [MultipartBody.Part] = []
        for (name, value) in (table.object ?? [:]).sorted(by: { $0.key < $1.key }) {
            if value.object != nil {
                if let part = try file(value, name) { parts.append(part) }
                continue
            }
            guard let filled = try filler.fill(value), filled != .null else { continue }
            for element in filled.array ?? [filled] {
                parts.append(MultipartBody.Part(name: name, content: Array(element.plainText.utf8)))
            }
        }
        guard !parts.isEmpty else { throw PluginFault("multipart has no part") }
        guard parts.reduce(0, { $0 + $1.content.count }) <= Self.largest else { throw Self.tooLarge("multipart") }
        return MultipartBody(parts: parts)
    }

    private func file(_ value: JSONValue, _ name: String) throws(PluginFault) -> MultipartBody.Part? {
        guard let source = value["file"] else { throw PluginFault("multipart.\(name): the key file is missing") }
        guard let path = try filler.fill(source)?.string else { return nil }
        guard userFiles.contains(path) else {
            throw PluginFault(
                "multipart.\(name): '\(path)' was given for no setting or parameter of the type file"
            )
        }
        let type = try value["type"].flatMap { (type) throws(PluginFault) in try filler.fill(type)?.plainText }
        if let type, !type.utf8.allSatisfy({ 0x20..<0x7F ~= $0 }) {
            throw PluginFault("multipart.\(name): \(type.debugDescription) is no content type")
        }
        return MultipartBody.Part(
            name: name,
            fileName: (path as NSString).lastPathComponent,
            type: type ?? "application/octet-stream",
            content: try Self.content(of: path, "multipart.\(name)")
        )
    }

    private static func content(of path: String, _ place: String) throws(PluginFault) -> [UInt8] {
        let file = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
            // A pipe or device would be read without an end.
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                throw PluginFault("\(place): '\(path)' is no file")
            }
            guard let size = attributes[.size] as? NSNumber, size.intValue <= largest else { throw tooLarge(place) }
            return Array(try Data(contentsOf: file))
        } catch let fault as PluginFault {
            throw fault
        } catch {
            let reason = (error as NSError).localizedFailureReason ?? error.localizedDescription
            throw PluginFault("\(place): '\(path)' cannot be read: \(reason)")
        }
    }

    private static func tooLarge(_ place: String) -> PluginFault {
        PluginFault("\(place): more than 64 MiB cannot be sent")
    }
}

extension PluginManifest {
    /// The paths that the user gave where the plugin asks for a file.
    func userFiles(in scope: TemplateScope) -> Set<String> {
        let params = operations.values.flatMap(\.params) + actions.values.flatMap(\.params)
        let given = settings.filter { $0.kind == .file }.map { scope.settings[$0.name] }
        let further = params.filter { $0.kind == .file }.map { scope.params[$0.name] }
        return Set((given + further).compactMap { $0?.string })
    }
}
