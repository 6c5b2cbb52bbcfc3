import Lua
package import RunCore

extension PluginConnection {
    /// Everything that an operation can run, as its plugin lists it; nil if the plugin lists nothing.
    ///
    /// - Throws: a fault of the plugin.
    package func targets(
        of operation: OperationManifest,
        through courier: any Courier
    ) async throws(PluginFault) -> Reply<[TargetCandidate]>? {
        guard let target = operation.target else { return nil }
        let looker = Looker(connected: self, courier: courier, judge: judge(operation.errors))
        do throws(PluginFault) {
            return try await TargetFinder(looker: looker, lookup: operation.lookup, target: target).list(scope())
        } catch {
            throw PluginFault(error.message, place: error.place ?? plugin.file)
        }
    }
}
