// Starts an AT Protocol network on this machine: directory (PLC), personal data server, bsync, AppView, and those who
// moderate it (Ozone).
//
//   node net.mjs FOLDER_WITH_NODE_MODULES < pipe
//
// DATABASE_URL names an empty PostgreSQL database for the AppView. Every port is chosen by the system. One line of JSON
// on standard output says where everything listens. The network stops when its standard input closes, so it cannot
// outlive the tests that started it, however they end.
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const installed = createRequire(join(process.argv[2], 'package.json'))
const { TestPlc, TestPds, TestBsync, TestBsky, TestOzone, createOzoneDid, mockNetworkUtilities } = await import(
  pathToFileURL(installed.resolve('@atproto/dev-env'))
)
const { Secp256k1Keypair } = await import(pathToFileURL(installed.resolve('@atproto/crypto')))

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

async function startNetwork(databaseUrl) {
  // The AppView reads the data server's stream and the data server asks the AppView: both ports must be known first.
  const pdsPort = await freePort()
  const bskyPort = await freePort()
  const ozonePort = await freePort()
  const publicUrl = `http://localhost:${bskyPort}`
  const plc = await TestPlc.create({})
  const bsync = await TestBsync.create({ dbUrl: databaseUrl, dbSchema: 'bsync', apiKeys: ['between-ourselves'] })
  const bsky = await TestBsky.create({
    port: bskyPort,
    publicUrl,
    plcUrl: plc.url,
    pdsPort,
    repoProvider: `ws://localhost:${pdsPort}`,
    bsyncUrl: bsync.url,
    bsyncApiKey: 'between-ourselves',
    dbPostgresUrl: databaseUrl,
    dbPostgresSchema: 'appview',
  })
  bsync.ctx.dataplaneClients = [bsky.ctx.dataplane]
  const ozoneKey = await Secp256k1Keypair.create({ exportable: true })
  const ozoneDid = await createOzoneDid(plc.url, ozoneKey)
  const pds = await TestPds.create({
    port: pdsPort,
    hostname: 'localhost',
    didPlcUrl: plc.url,
    enableDidDocWithSession: true,
    bskyAppViewUrl: bsky.url,
    bskyAppViewDid: bsky.ctx.cfg.serverDid,
    bskyAppViewCdnUrlPattern: `${publicUrl}/img/%s/plain/%s/%s`,
    modServiceUrl: `http://localhost:${ozonePort}`,
    modServiceDid: ozoneDid,
  })
  mockNetworkUtilities(pds, bsky)
  const ozone = await TestOzone.create({
    port: ozonePort,
    plcUrl: plc.url,
    signingKey: ozoneKey,
    serverDid: ozoneDid,
    dbPostgresUrl: databaseUrl,
    dbPostgresSchema: 'ozone',
    appviewUrl: bsky.url,
    appviewDid: bsky.ctx.cfg.serverDid,
    appviewPushEvents: false,
    pdsUrl: pds.url,
    pdsDid: pds.ctx.cfg.service.did,
  })
  return { plc, bsync, bsky, pds, ozone }
}

let stopping = false
async function stop(network) {
  if (stopping) return
  stopping = true
  setTimeout(() => process.exit(1), 8000).unref()
  for (const part of [network?.ozone, network?.bsky, network?.bsync, network?.pds, network?.plc]) {
    await part?.close().catch(() => {})
  }
  process.exit(0)
}

let network
process.stdin.on('close', () => stop(network)).resume()
process.on('SIGTERM', () => stop(network))
process.on('SIGINT', () => {}) // a terminal's Ctrl-C reaches us too: whoever started us says when to stop
network = await startNetwork(process.env.DATABASE_URL)
const { plc, pds, bsky, ozone } = network
console.log(JSON.stringify({ plc: plc.url, pds: pds.url, appview: bsky.url, ozone: ozone.url }))
