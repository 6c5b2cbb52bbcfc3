extension RunStoreSuite {
    /// What is checked, one case per claim.
    package enum Rule: String, Sendable, CaseIterable {
        case createdRunIsAtRevisionOne
        case createdRunCannotBeCreatedAgain
        case absentRunIsNil
        case everyFactOfARunComesBack
        case secondSaverLoses
        case ofManySaversAtOneRevisionOneWins
        case savedRunOutlivesItsProcess
        case endedProcessCannotSave
        case saveInACancelledTaskIsSaved
        case journalKeepsItsOrder
        case sourceIsKeptOnce
        case idsAreFoundByPrefix
        case prefixIsTakenLiterally
        case atMostTwentyIdsAreFound
        case listIsNewestFirst
        case listKeepsToTheFilter
        case savedStateIsListed
        case requestedCancelIsSeenByOthers
        case requestedCancelOutlivesItsProcess
        case requestedCancelIsOfOneRun
        case requestedCancelLeavesTheRunAlone
        case absentRunCannotBeAskedToEnd
        case claimedRunIsHeldAgainstOthers
        case claimsOfTwoRunsAreApart
        case watcherIsTheOtherLiveProcess
        case releasedRunCanBeClaimed
        case onlyTheHolderReleases
        case claimOfAnEndedProcessIsTaken
        case ofManyClaimersOneWins
        case saveLeavesTheClaimAlone
        case absentRunCannotBeClaimed
        case freeRunsAreTakenUpPageByPage
        case heldRunsAreNotTakenUp
        case runsOfAnEndedProcessAreTakenUp
        case ofTwoThatTakeUpEachRunGoesToOne
        case onlyOpenRunsAreTakenUp
        case pendingRunIsTakenUpOnlyFromAnEndedProcess
        case runsThatFitTheFilterAreTakenUp
        case takenUpRunTellsWhatItNeeds
        case holdIsSeenByOthers
        case laterHoldStays
    }

    /// Checks one rule.
    ///
    /// The storage must be one that nothing was written to yet.
    package func check(_ rule: Rule) async throws {
        switch rule {
        case .createdRunIsAtRevisionOne: try await createdRunIsAtRevisionOne()
        case .createdRunCannotBeCreatedAgain: try await createdRunCannotBeCreatedAgain()
        case .absentRunIsNil: try await absentRunIsNil()
        case .everyFactOfARunComesBack: try await everyFactOfARunComesBack()
        case .secondSaverLoses: try await secondSaverLoses()
        case .ofManySaversAtOneRevisionOneWins: try await ofManySaversAtOneRevisionOneWins()
        case .savedRunOutlivesItsProcess: try await savedRunOutlivesItsProcess()
        case .endedProcessCannotSave: try await endedProcessCannotSave()
        case .saveInACancelledTaskIsSaved: try await saveInACancelledTaskIsSaved()
        case .journalKeepsItsOrder: try await journalKeepsItsOrder()
        case .sourceIsKeptOnce: try await sourceIsKeptOnce()
        case .idsAreFoundByPrefix: try await idsAreFoundByPrefix()
        case .prefixIsTakenLiterally: try await prefixIsTakenLiterally()
        case .atMostTwentyIdsAreFound: try await atMostTwentyIdsAreFound()
        case .listIsNewestFirst: try await listIsNewestFirst()
        case .listKeepsToTheFilter: try await listKeepsToTheFilter()
        case .savedStateIsListed: try await savedStateIsListed()
        case .requestedCancelIsSeenByOthers: try await requestedCancelIsSeenByOthers()
        case .requestedCancelOutlivesItsProcess: try await requestedCancelOutlivesItsProcess()
        case .requestedCancelIsOfOneRun: try await requestedCancelIsOfOneRun()
        case .requestedCancelLeavesTheRunAlone: try await requestedCancelLeavesTheRunAlone()
        case .absentRunCannotBeAskedToEnd: try await absentRunCannotBeAskedToEnd()
        case .claimedRunIsHeldAgainstOthers: try await claimedRunIsHeldAgainstOthers()
        case .claimsOfTwoRunsAreApart: try await claimsOfTwoRunsAreApart()
        case .watcherIsTheOtherLiveProcess: try await watcherIsTheOtherLiveProcess()
        case .releasedRunCanBeClaimed: try await releasedRunCanBeClaimed()
        case .onlyTheHolderReleases: try await onlyTheHolderReleases()
        case .claimOfAnEndedProcessIsTaken: try await claimOfAnEndedProcessIsTaken()
        case .ofManyClaimersOneWins: try await ofManyClaimersOneWins()
        case .saveLeavesTheClaimAlone: try await saveLeavesTheClaimAlone()
        case .absentRunCannotBeClaimed: try await absentRunCannotBeClaimed()
        case .freeRunsAreTakenUpPageByPage: try await freeRunsAreTakenUpPageByPage()
        case .heldRunsAreNotTakenUp: try await heldRunsAreNotTakenUp()
        case .runsOfAnEndedProcessAreTakenUp: try await runsOfAnEndedProcessAreTakenUp()
        case .ofTwoThatTakeUpEachRunGoesToOne: try await ofTwoThatTakeUpEachRunGoesToOne()
        case .onlyOpenRunsAreTakenUp: try await onlyOpenRunsAreTakenUp()
        case .pendingRunIsTakenUpOnlyFromAnEndedProcess: try await pendingRunIsTakenUpOnlyFromAnEndedProcess()
        case .runsThatFitTheFilterAreTakenUp: try await runsThatFitTheFilterAreTakenUp()
        case .takenUpRunTellsWhatItNeeds: try await takenUpRunTellsWhatItNeeds()
        case .holdIsSeenByOthers: try await holdIsSeenByOthers()
        case .laterHoldStays: try await laterHoldStays()
        }
    }
}
