/** Writes the report into one comment of a pull request, or renews the one that an earlier run wrote. */
import { readFileSync } from 'node:fs'

const MARKER = '<!-- omniparity -->'
const PAGE = 100

const { GITHUB_API_URL, GITHUB_REPOSITORY, MARKDOWN, PULL_REQUEST, TOKEN } = process.env
const comments = `${GITHUB_API_URL ?? 'https://api.github.com'}/repos/${GITHUB_REPOSITORY}/issues`

/**
 * @param {string} method
 * @param {string} url
 * @param {{ readonly body: string }} [content]
 * @returns {Promise<any>}
 */
async function ask(method, url, content) {
  const response = await fetch(url, {
    method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json',
      'x-github-api-version': '2022-11-28',
    },
    ...(content === undefined ? {} : { body: JSON.stringify(content) }),
  })
  if (!response.ok) throw new Error(`${method} ${new URL(url).pathname}: ${response.status}`)
  return response.json()
}

/** Only a comment that begins with the marker, and was written by a program, is ours. */
async function earlier() {
  for (let page = 1; ; page++) {
    const found = await ask('GET', `${comments}/${PULL_REQUEST}/comments?per_page=${PAGE}&page=${page}`)
    for (const { id, body, user } of found) if (user?.type === 'Bot' && body?.startsWith(MARKER)) return id
    if (found.length < PAGE) return null
  }
}

const body = readFileSync(MARKDOWN ?? '', 'utf8')
const id = await earlier()
if (id === null) await ask('POST', `${comments}/${PULL_REQUEST}/comments`, { body })
else await ask('PATCH', `${comments}/comments/${id}`, { body })
console.log(id === null ? 'commented' : 'renewed the comment')
